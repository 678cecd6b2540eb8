import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CompleteScan } from '@scanner/core';
import { realTrivy } from '@scanner/testing';

import type { TrivyScannerOptions } from '../src/index.ts';
import { PINNED_VERSION } from '../src/trivy-binary/trivy-version.ts';
import { madeDirectory, openWorkbench } from './trivy-workbench.ts';
import type { Workbench } from './trivy-workbench.ts';

export interface CountedBench extends Workbench {
  /** What Trivy processes were started for, as their first arguments. */
  started(): Promise<string[]>;
}

/** A workbench whose Trivy notes that it was started. */
export const countedBench = async (
  options: Partial<TrivyScannerOptions> & { java?: boolean },
): Promise<CountedBench> => {
  const { path: directory } = await madeDirectory();
  const [path, notes] = [join(directory, 'trivy'), join(directory, 'started')];
  await writeFile(path, `#!/bin/sh\necho "$1" >> "${notes}"\nexec "${await realTrivy()}" "$@"\n`);
  await chmod(path, 0o755);
  const bench = await openWorkbench({ trivy: { path, version: PINNED_VERSION }, ...options });
  const started = async (): Promise<string[]> =>
    (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter((word) => word !== '');
  return { ...bench, started };
};

/** All that a scan says of an image, whenever and however it was made. */
export const said = (scan: CompleteScan | undefined) =>
  scan === undefined ? null : { ...scan, analysis: null, scannedAt: null, durationSeconds: null };
