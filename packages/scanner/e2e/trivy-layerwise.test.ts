import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CompleteScan, HostImage } from '@scanner/core';
import { loadStandardImages, realTrivy, startClassicEngine, startCurrentEngine } from '@scanner/testing';
import type { Engine } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createDockerEngine } from '../src/index.ts';
import type { TrivyScannerOptions } from '../src/index.ts';
import { complete, madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

interface CountedBench extends Workbench {
  /** What Trivy processes were started for, as their first arguments. */
  started(): Promise<string[]>;
}

/** A workbench whose Trivy notes that it was started. */
const countedBench = async (options: Partial<TrivyScannerOptions> & { java?: boolean }): Promise<CountedBench> => {
  const { path: directory } = await madeDirectory();
  const [path, notes] = [join(directory, 'trivy'), join(directory, 'started')];
  await writeFile(path, `#!/bin/sh\necho "$1" >> "${notes}"\nexec "${await realTrivy()}" "$@"\n`);
  await chmod(path, 0o755);
  const bench = await openWorkbench({ trivy: { path, version: '0.74.0' }, ...options });
  const started = async (): Promise<string[]> =>
    (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((word) => word !== '');
  return { ...bench, started };
};

/** All that a scan says of an image, whenever and however it was made. */
const said = (scan: CompleteScan | undefined) =>
  scan === undefined ? null : { ...scan, analysis: null, scannedAt: null, durationSeconds: null };

describe.each([
  ['classic', startClassicEngine],
  ['current', startCurrentEngine],
])('images of a %s engine that are scanned together', (_, start) => {
  let engine: Engine;
  let images: readonly HostImage[];

  beforeAll(async () => {
    engine = await start();
    await loadStandardImages(engine);
    ({ images } = await sourceOf(engine).list());
  });
  afterAll(() => engine.stop());

  const sourceOf = ({ dockerHost }: Engine) => createDockerEngine({ host: dockerHost, tls: null, origin: 'flag' });
  const open = (java: boolean): Promise<CountedBench> =>
    countedBench({
      java,
      dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
      imageExport: sourceOf(engine),
    });
  const scanEach = async (bench: Workbench, inOrder: AsyncIterable<HostImage> | readonly HostImage[]) => {
    const scans = new Map<string, CompleteScan>();
    for await (const { id } of inOrder)
      scans.set(id, complete(await bench.scanner.scan({ subject: { source: 'docker', id } })));
    return images.map(({ id }) => scans.get(id));
  };

  test('have the findings that each has by itself, with a process a base', async () => {
    const [alone, together] = [await open(true), await open(true)];
    const found = await scanEach(together, together.scanner.plan(images, {}));
    const expected = await scanEach(alone, images);
    expect(found.map(said)).toEqual(expected.map(said));
    const bases = new Set(images.map(({ layers }) => layers[0]));
    expect((await together.started()).toSorted()).toEqual([...Array(bases.size).fill('image'), 'server']);
    expect(await alone.started()).toEqual(images.map(() => 'image'));
  });
});
