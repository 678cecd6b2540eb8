import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { realTrivy, temporaryDirectory } from '@scanner/testing';

/** The real Trivy behind a script that writes down each call and can hold scans back. */
export interface WatchedTrivy extends AsyncDisposable {
  readonly path: string;
  /** The arguments of every call so far, one line each. */
  calls(): Promise<string[]>;
  /** Those that scan an image of an engine. */
  scans(): Promise<string[]>;
  /** Lets the scans that were held back go on, and all that follow. */
  release(): Promise<void>;
}

/** How many scans go through before the others are held back; all unless told. */
export interface WatchOptions {
  readonly freeScans?: number;
}

/** Puts a script in front of the real Trivy. A scan that is held back waits as its own process until it is released. */
export const watchTrivy = async ({ freeScans }: WatchOptions = {}): Promise<WatchedTrivy> => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy');
  const callsFile = join(directory.path, 'calls');
  const scansFile = join(directory.path, 'scans');
  const gate = join(directory.path, 'gate');
  const script = [
    '#!/bin/sh',
    `echo "$*" >> '${callsFile}'`,
    'case "$*" in *--image-src*)',
    `  echo "$*" >> '${scansFile}'`,
    ...(freeScans === undefined ? [] : [holdBack({ scansFile, gate, freeScans })]),
    'esac',
    `exec '${await realTrivy()}' "$@"`,
    '',
  ];
  await writeFile(path, script.join('\n'), { mode: 0o755 });
  return {
    path,
    calls: () => linesOf(callsFile),
    scans: () => linesOf(scansFile),
    release: () => writeFile(gate, ''),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
};

/** Trivy is started without a search path, so the programs are named in full. */
const holdBack = ({ scansFile, gate, freeScans }: { scansFile: string; gate: string; freeScans: number }): string =>
  [
    `  if [ "$(/usr/bin/wc -l < '${scansFile}')" -gt ${freeScans} ]; then`,
    `    until [ -e '${gate}' ]; do /bin/sleep 0.1; done`,
    '  fi',
  ].join('\n');

const linesOf = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
};
