import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ScanOutcome, ScanRequest } from '@scanner/core';
import { waitUntil } from '@scanner/testing';
import { describe, expect, test } from 'vitest';

import { PINNED_VERSION } from '../src/trivy-binary/trivy-version.ts';
import { readProcessStat } from '../src/trivy/process-group.ts';
import { madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

/** A program in Trivy's place, for what the real one cannot be made to do. `$report` is where its report goes. */
const FIND_REPORT = `PATH=/usr/bin:/bin
while [ $# -gt 0 ]; do [ "$1" = --output ] && report=$2; shift; done
`;

interface FakeBench extends Workbench {
  readonly scratch: string;
  scan(timeoutSeconds?: number, signal?: AbortSignal): Promise<ScanOutcome>;
}

const benchWith = async (script: (scratch: string) => string): Promise<FakeBench> => {
  const scratch = (await madeDirectory()).path;
  const path = join(scratch, 'trivy');
  await writeFile(path, `#!/bin/sh\n${FIND_REPORT}${script(scratch)}\n`);
  await chmod(path, 0o755);
  const bench = await openWorkbench({ trivy: { path, version: PINNED_VERSION } });
  const subject = { source: 'archive', path: '/an/archive.tar' } as const;
  return {
    ...bench,
    scratch,
    scan: (timeoutSeconds = 60, signal) => bench.scanner.scan({ subject, timeoutSeconds }, signal),
  };
};

const isAlive = (pid: number): boolean => !'ZX'.includes(readProcessStat(pid)?.state ?? 'X');

const WHOLE_REPORT = '{"SchemaVersion":2,"Results":[]}';

describe('a Trivy that misbehaves', () => {
  test.each([
    ['half a report', `printf '{"SchemaVersion":2,"Results":[{"Vulner' > "$report"`],
    ['no report', 'true'],
    ['a report of another kind', `printf '[]' > "$report"`],
  ])('and leaves %s gives no result', async (_, script) => {
    const bench = await benchWith(() => script);
    expect(await bench.scan()).toMatchObject({ reason: { code: 'bad_report' }, blocks: false });
    expect(await bench.leftovers()).toEqual([]);
  });

  test('and writes without end is cut short in what is kept of it, and ended in time', async () => {
    const bench = await benchWith(() => 'yes "a flood of words" >&2');
    const before = process.memoryUsage().rss;
    expect(await bench.scan(3)).toMatchObject({ reason: { code: 'timeout' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });

  test('and leaves a report beyond all measure is ended', async () => {
    const bench = await benchWith(() => 'truncate -s 2G "$report"; while :; do sleep 1; done');
    expect(await bench.scan()).toMatchObject({ reason: { code: 'output_limit' } });
    expect(await bench.leftovers()).toEqual([]);
  });

  test('and ignores every wish to end is killed, with what it started', async () => {
    const bench = await benchWith(
      (scratch) => `trap '' TERM
sh -c 'trap "" TERM; echo $$ > "${scratch}/child"; while :; do sleep 1; done' &
while :; do sleep 1; done`,
    );
    const abort = new AbortController();
    const running = bench.scan(60, abort.signal);
    const child = await waitUntil(
      async () => Number(await readFile(join(bench.scratch, 'child'), 'utf8')) || undefined,
      { what: 'the child to start', timeoutMs: 10_000 },
    );
    abort.abort();
    expect(await running).toMatchObject({ reason: { code: 'interrupted' } });
    expect(isAlive(child)).toBe(false);
    expect(await bench.leftovers()).toEqual([]);
  });

  test('and crashes once is asked again, and not a third time', async () => {
    const counted = (scratch: string): string => `echo run >> "${scratch}/runs"`;
    const always = await benchWith((scratch) => `${counted(scratch)}; echo 'panic: oh no' >&2; exit 2`);
    expect(await always.scan()).toMatchObject({ reason: { code: 'crashed' } });
    expect(await readFile(join(always.scratch, 'runs'), 'utf8')).toBe('run\nrun\n');
    const once = await benchWith(
      (scratch) =>
        `[ -f "${scratch}/runs" ] && { printf '${WHOLE_REPORT}' > "$report"; exit 0; }; ${counted(scratch)}; exit 2`,
    );
    expect(await once.scan()).toMatchObject({ status: 'complete' });
  });

  test('and is killed for want of memory runs once more with little of it', async () => {
    const bench = await benchWith((scratch) => `echo run >> "${scratch}/runs"; kill -KILL $$`);
    expect(await bench.scan()).toMatchObject({ reason: { code: 'out_of_memory' } });
    expect(await readFile(join(bench.scratch, 'runs'), 'utf8')).toBe('run\nrun\n');
  });

  test('and cannot be started stops everything', async () => {
    const bench = await benchWith(() => 'true');
    await chmod(join(bench.scratch, 'trivy'), 0o600);
    expect(await bench.scan()).toMatchObject({ reason: { code: 'crashed' }, blocks: true });
  });
});

test('a Trivy that does not go to the network is told of no proxy and its password', async () => {
  const scratch = (await madeDirectory()).path;
  const path = join(scratch, 'trivy');
  await writeFile(path, `#!/bin/sh\n/usr/bin/env > ${scratch}/environment\nexit 1\n`, { mode: 0o755 });
  const environment = { HTTPS_PROXY: 'http://me:secret@proxy.example:3128', SSL_CERT_FILE: '/authorities.pem' };
  const { scanner } = await openWorkbench({ trivy: { path, version: PINNED_VERSION }, environment });
  const told = async (subject: ScanRequest['subject']): Promise<string> => {
    await scanner.scan({ subject });
    return readFile(join(scratch, 'environment'), 'utf8');
  };
  expect(await told({ source: 'remote', reference: '127.0.0.1:1/app:1' })).toContain('me:secret@proxy');
  for (const subject of [
    { source: 'archive', path: '/an/archive.tar' },
    { source: 'docker', id: 'app:1' },
  ] as const) {
    const environment = await told(subject);
    expect(environment).toContain('TRIVY_CACHE_BACKEND');
    expect(environment).not.toMatch(/secret|PROXY|SSL_CERT/);
  }
});
