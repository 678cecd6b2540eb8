import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { realTrivy, temporaryDirectory } from '@scanner/testing';

/** The real Trivy behind a script that writes down each call and can hold scans back. */
export interface WatchedTrivy extends AsyncDisposable {
  readonly path: string;
  /** The arguments of every call so far, one line each. */
  calls(): Promise<string[]>;
  /** Those that analyse images: one by one, or the layers of several. */
  scans(): Promise<string[]>;
  /** Lets the scans that were held back go on, and all that follow. */
  release(): Promise<void>;
}

export interface WatchOptions {
  /** What is written down as scans and can be held back; something else instead where it is told. */
  readonly watch?: keyof typeof PATTERNS;
  /** How many scans go through before the others are held back; all unless told. */
  readonly freeScans?: number;
  /** Whether those that are held back ignore every signal but SIGKILL. */
  readonly stubborn?: boolean;
  /** What it says its version is; the true one unless told. */
  readonly version?: string;
}

const PATTERNS = { scans: 'image*--output*', downloads: '*--download-db-only*', conversions: 'convert*' } as const;

/** Puts a script in front of the real Trivy. A scan that is held back waits as its own process until it is released. */
export const watchTrivy = async ({
  freeScans,
  stubborn = false,
  watch = 'scans',
  version,
}: WatchOptions = {}): Promise<WatchedTrivy> => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy');
  const callsFile = join(directory.path, 'calls');
  const scansFile = join(directory.path, 'scans');
  const gate = join(directory.path, 'gate');
  const tickets = join(directory.path, 'tickets');
  await mkdir(tickets);
  const script = [
    '#!/bin/sh',
    ...(version === undefined ? [] : [`[ "$1" = --version ] && echo '{"Version":"${version}"}' && exit`]),
    `echo "$*" >> '${callsFile}'`,
    `case "$*" in ${PATTERNS[watch]})`,
    `  echo "$*" >> '${scansFile}'`,
    ...(freeScans === undefined ? [] : [holdBack({ tickets, gate, freeScans, stubborn })]),
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

interface HoldBack extends Required<Omit<WatchOptions, 'watch' | 'version'>> {
  readonly tickets: string;
  readonly gate: string;
}

/**
 * A scan is free when it can make one of so many directories; one that waits does not outlive the script. Trivy is started
 * without a search path, so the programs are named in full.
 */
const holdBack = ({ tickets, gate, freeScans, stubborn }: HoldBack): string => {
  const names = Array.from({ length: freeScans }, (_, index) => `'${join(tickets, String(index))}'`);
  return [
    '  free=no',
    `  for ticket in ${names.join(' ')}; do`,
    '    if /bin/mkdir "$ticket" 2>/dev/null; then free=yes; break; fi',
    '  done',
    '  if [ "$free" = no ]; then',
    ...(stubborn ? ["    trap '' TERM INT HUP"] : []),
    `    until [ -e '${gate}' ]; do [ -e "$0" ] || exit 1; /bin/sleep 0.1; done`,
    '  fi',
  ].join('\n');
};

const linesOf = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
};
