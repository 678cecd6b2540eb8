/**
 * `npm run soak -- [passes]`: image-scanner with an interval of one second over the test images, for 500 passes. Every
 * fiftieth pass finds another generation of the database. What the process and its directories take is looked at after each
 * pass and told at the end, as a table: the mean of each tenth, and the most.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { loadStandardImages, placeDatabase, startClassicEngine } from '@scanner/testing';

import { watchedHost } from '../e2e/support/watched-host.ts';

interface Sample {
  readonly pass: number;
  readonly memoryMib: number;
  readonly openFiles: number;
  readonly temporaryKib: number;
  readonly stateKib: number;
  readonly journalsKib: number;
  readonly cacheKib: number;
  readonly logFiles: number;
}

const passes = Number(process.argv[2] ?? 500);
const CHANGE_EVERY = 50;
const PASS_PATIENCE_MS = 120_000;

/** The databases' journals are apart: each grows to 4 MiB before its beginning is written over. */
const JOURNAL = /-(?:wal|shm)$/;

const bytesBelow = async (path: string, counts = (_name: string): boolean => true): Promise<number> => {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile() && counts(entry.name))
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

const memoryMib = async (pid: number): Promise<number> => {
  const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
};

const soak = async (): Promise<readonly Sample[]> => {
  const samples: Sample[] = [];
  await using engine = await startClassicEngine();
  await loadStandardImages(engine);
  await using host = await watchedHost(engine);
  const daemon = host.daemon(['--interval', '1', '--http-listen', '127.0.0.1:0']);
  const url = String((await daemon.said('image-scanner started'))['http']);
  for (let pass = 1; pass <= passes; pass += 1) {
    if (pass % CHANGE_EVERY === 0)
      await placeDatabase(join(host.directory, 'cache'), (pass / CHANGE_EVERY) % 2 === 0 ? 1 : 2);
    await ended(url, pass);
    samples.push({
      pass,
      memoryMib: await memoryMib(daemon.pid),
      openFiles: (await readdir(`/proc/${daemon.pid}/fd`)).length,
      temporaryKib:
        ((await bytesBelow(host.user.temporary)) + (await bytesBelow(join(host.directory, 'cache', 'work')))) / 1024,
      stateKib: (await bytesBelow(join(host.directory, 'state'), (name) => !JOURNAL.test(name))) / 1024,
      journalsKib: (await bytesBelow(join(host.directory, 'state'), (name) => JOURNAL.test(name))) / 1024,
      cacheKib: (await bytesBelow(join(host.directory, 'cache'), (name) => !JOURNAL.test(name))) / 1024,
      logFiles: (await readdir(join(host.directory, 'logs'))).length,
    });
    if (pass % CHANGE_EVERY === 0) process.stderr.write(`${pass} of ${passes} passes\n`);
  }
  daemon.kill('SIGTERM');
  await daemon.ended;
  return samples;
};

/** Waits until so many passes have ended. */
const ended = async (url: string, passes: number): Promise<void> => {
  const end = performance.now() + PASS_PATIENCE_MS;
  while (performance.now() < end) {
    const text = await (await fetch(`${url}/metrics`)).text();
    const counts = [...text.matchAll(/^image_scanner_passes_total\{outcome="(?:complete|partial)"\} (\d+)$/gm)];
    if (counts.reduce((sum, [, count]) => sum + Number(count), 0) >= passes) return;
    await sleep(100);
  }
  throw new Error(`pass ${passes} did not end within ${PASS_PATIENCE_MS} ms`);
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const tell = (samples: readonly Sample[]): void => {
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const tenths = Array.from({ length: Math.ceil(samples.length / tenth) }, (_, index) =>
    samples.slice(index * tenth, (index + 1) * tenth),
  );
  const rows = (
    ['memoryMib', 'openFiles', 'temporaryKib', 'stateKib', 'journalsKib', 'cacheKib', 'logFiles'] as const
  ).map((name) => {
    const means = tenths.map((part) => mean(part.map((sample) => sample[name])));
    const most = Math.max(...samples.map((sample) => sample[name]));
    return `| ${name} | ${[...means, most].map((figure) => figure.toFixed(0)).join(' | ')} |`;
  });
  const heads = tenths.map((part) => `to ${part.at(-1)?.pass}`);
  process.stdout.write(
    [
      `| mean of passes | ${heads.join(' | ')} | most |`,
      `| --- |${' --: |'.repeat(heads.length + 1)}`,
      ...rows,
      '',
    ].join('\n'),
  );
};

tell(await soak());
