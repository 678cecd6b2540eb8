import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { InMemoryLockKeeper } from '@scanner/core/testing';
import { databaseFile, realTrivy, temporaryDirectory, waitUntil } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Measuring, TrivyScannerOptions } from '../src/trivy/open-trivy-scanner.ts';
import { bundledFiles, exportOf, writeBundledFiles } from '../src/trivy-measurement/bundled-images.ts';
import type { BundledImage } from '../src/trivy-measurement/bundled-images.ts';
import { demonstrationFiles } from '../tools/demonstration-files.ts';
import { complete, layDatabase, madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

let files: Awaited<ReturnType<typeof temporaryDirectory>>;
let images: readonly BundledImage[];
let web: BundledImage;

beforeAll(async () => {
  files = await temporaryDirectory();
  ({ images } = await writeBundledFiles(files.path));
  const found = images.find(({ archive }) => archive.endsWith('/shop-web.tar'));
  if (found === undefined) throw new Error('the demonstration has lost an image');
  web = found;
});
afterAll(() => files[Symbol.asyncDispose]());

interface NewerTrivy {
  readonly path: string;
  /** Where it is remembered. */
  readonly directory: string;
  /** The first arguments of what was started since this was last asked. */
  started(): Promise<string[]>;
}

/** The real Trivy, behind a script that may change what it is asked. */
const newerTrivy = async (change = ''): Promise<NewerTrivy> => {
  const { path: directory } = await madeDirectory();
  const [path, notes] = [join(directory, 'trivy'), join(directory, 'started')];
  await writeFile(path, `#!/bin/sh\necho "$1" >> "${notes}"\n${change}\nexec "${await realTrivy()}" "$@"\n`);
  await chmod(path, 0o755);
  const started = async (): Promise<string[]> => {
    const words = (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((word) => word !== '');
    await writeFile(notes, '');
    return words;
  };
  return { path, directory, started };
};

interface NewerBench extends Workbench {
  readonly warnings: readonly string[];
  readonly said: readonly string[];
}

const openNewer = async (
  { path, directory }: NewerTrivy,
  {
    measuring = {},
    ...options
  }: Omit<Partial<TrivyScannerOptions>, 'measuring'> & {
    readonly measuring?: Omit<Measuring, 'directory'>;
  } = {},
): Promise<NewerBench> => {
  const [warnings, said]: [string[], string[]] = [[], []];
  const bench = await openWorkbench({
    trivy: { path, version: '0.99.0' },
    imageExport: exportOf(images),
    measuring: { directory, ...measuring },
    log: { ...silentLog, warn: (message) => warnings.push(message), info: (message) => said.push(message) },
    ...options,
  });
  return { ...bench, warnings, said };
};

/** Matches against a database in which an advisory is withdrawn. */
const withOtherDatabase = async (): Promise<string> => {
  const { path: directory } = await madeDirectory();
  await layDatabase(directory, false);
  await writeFile(join(directory, 'db', 'trivy.db'), await databaseFile(2));
  return `[ "$1" = server ] && set -- "$@" --cache-dir "${directory}"`;
};

/** An archive is what a process gets, a directory what layers are analysed in. */
const WITHOUT_NODE_PACKAGES = `case "$*" in
  *.tar*) ;;
  image*) set -- "$@" --skip-dirs '**/node_modules' ;;
esac`;

/** What a scan by layers starts, whatever order. */
const BY_LAYERS = ['image', 'server'];

test('what is scanned to measure a Trivy is what the demonstration shows', async () => {
  const asText = (entries: Iterable<[string, Buffer]>) =>
    Object.fromEntries([...entries].map(([path, bytes]) => [path, bytes.toString('hex')]));
  expect(asText(bundledFiles())).toEqual(asText(await demonstrationFiles()));
});

describe('a Trivy newer than the tested ones', () => {
  test('scans by layers once it has found the same in both ways, and is not measured again', async () => {
    const trivy = await newerTrivy();
    const first = await openNewer(trivy);
    expect((await trivy.started()).filter((word) => word === 'server')).toEqual(['server']);
    expect(first.blobCache.values.size).toBe(0);
    const scan = complete(await first.scanner.scan({ subject: { source: 'docker', id: web.id } }));
    expect(scan.findings.length).toBeGreaterThan(0);
    expect((await trivy.started()).toSorted()).toEqual(BY_LAYERS);
    const second = await openNewer(trivy);
    expect(await trivy.started()).toEqual([]);
    expect([...first.warnings, ...second.warnings]).toEqual([]);
  });

  test('is measured again when its file was changed', async () => {
    const trivy = await newerTrivy();
    await openNewer(trivy);
    await trivy.started();
    await writeFile(trivy.path, `${await readFile(trivy.path, 'utf8')}# another release\n`);
    await openNewer(trivy);
    expect((await trivy.started()).length).toBeGreaterThan(0);
  });

  test.each([
    ['whose server leaves findings out', withOtherDatabase],
    ['whose analysis of layers leaves findings out', () => WITHOUT_NODE_PACKAGES],
    ['whose server gives no answer', () => '[ "$1" = server ] && exit 1'],
  ])('%s scans each image by a process, and is told of once', async (_, change) => {
    const trivy = await newerTrivy(await change());
    const first = await openNewer(trivy);
    expect(first.warnings).toEqual([expect.stringContaining('finds something else by layers')]);
    await trivy.started();
    const scan = complete(await first.scanner.scan({ subject: { source: 'archive', path: web.archive } }));
    expect(scan.findings.length).toBeGreaterThan(0);
    const second = await openNewer(trivy);
    expect(second.warnings).toEqual([]);
    expect(await trivy.started()).toEqual(['image']);
  });

  test('that finds nothing in either way proves nothing by that', async () => {
    const bench = await openNewer(await newerTrivy(`[ "$1" = image ] && set -- "$@" --skip-files '**/*'`));
    expect(bench.warnings).toEqual([expect.stringContaining('could not be measured')]);
  });

  test('is measured once by two at the same time', async () => {
    const alone = await newerTrivy();
    await openNewer(alone);
    const together = await newerTrivy();
    const locks = new InMemoryLockKeeper();
    await Promise.all([openNewer(together, { locks }), openNewer(together, { locks })]);
    expect(await together.started()).toEqual(await alone.started());
  });

  test('that does not come to an end is given up in time, which is said, and left alone for a while', async () => {
    const trivy = await newerTrivy('exec /bin/sleep 60');
    const bench = await openNewer(trivy, { measuring: { deadlineMs: 2500 } });
    expect(bench.said).toEqual([expect.stringContaining('is measured')]);
    expect(bench.warnings).toEqual([expect.stringContaining('could not be measured')]);
    expect(await sessionsIn(bench.workDirectory)).toHaveLength(1);
    await trivy.started();
    await openNewer(trivy);
    expect(await trivy.started()).toEqual([]);
  });

  test('is not measured any further when that is interrupted, and nothing is left of it', async () => {
    const trivy = await newerTrivy('exec /bin/sleep 60');
    const stop = new AbortController();
    const { path: workDirectory } = await madeDirectory();
    const opened = openNewer(trivy, { workDirectory, measuring: { signal: stop.signal } });
    const ended = Promise.allSettled([opened]);
    await waitUntil(async () => (await trivy.started())[0], { timeoutMs: 60_000, what: 'a scan' });
    stop.abort(new Error('stopped by its user'));
    expect(await ended).toEqual([{ status: 'rejected', reason: new Error('stopped by its user') }]);
    expect(await sessionsIn(workDirectory)).toEqual([]);
    expect(await readFile(join(trivy.directory, 'trivy-versions.json'), 'utf8').catch(() => null)).toBeNull();
  });
});

const sessionsIn = async (workDirectory: string): Promise<string[]> =>
  (await readdir(workDirectory)).filter((name) => name.startsWith('session-'));
