import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryDirectory } from '../temporary-directory.ts';

/** A Trivy that knows beforehand what it finds, and says so at once. */
export interface CannedTrivy extends AsyncDisposable {
  /** An executable. */
  readonly path: string;
  /** What it finds in an image: all are HIGH and in one package of Alpine. Nothing is found in the others. */
  find(image: string, vulnerabilities: readonly string[]): Promise<void>;
  /** The images that it was asked to scan, in that order. */
  scans(): Promise<readonly string[]>;
}

export interface CannedTrivyOptions {
  /** How long a scan takes. */
  readonly seconds: number;
}

/** A release whose images are scanned by a process each, and which brings no server. */
const VERSION = JSON.stringify({ Version: '0.71.0' });

/**
 * Makes a program that answers scans within milliseconds, for what the real one is too slow for: thousands of runs. It
 * goes by the ID of an image of an engine, or by the last part of a reference's repository.
 */
export async function cannedTrivy({ seconds }: CannedTrivyOptions): Promise<CannedTrivy> {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'trivy');
  const reports = join(directory.path, 'reports');
  const scans = join(directory.path, 'scans');
  const find = (image: string, vulnerabilities: readonly string[]): Promise<void> =>
    writeFile(join(reports, image), reportOf(vulnerabilities));
  await mkdir(reports);
  await find('nothing', []);
  await writeFile(scans, '');
  await writeFile(path, programFor({ reports, scans, seconds }), { mode: 0o755 });
  return {
    path,
    find,
    scans: async () => (await readFile(scans, 'utf8')).split('\n').filter((line) => line !== ''),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** It is started without a search path, so the programs are named in full. */
function programFor({ reports, scans, seconds }: { reports: string; scans: string; seconds: number }): string {
  return [
    '#!/bin/sh',
    `case " $* " in *" --version "*) echo '${VERSION}'; exit 0 ;; esac`,
    'while [ $# -gt 1 ]; do',
    '  if [ "$1" = --output ]; then output=$2; fi',
    '  shift',
    'done',
    'image=${1##*/}',
    'image=${image%%@*}',
    `echo "$image" >> '${scans}'`,
    `/bin/sleep ${seconds}`,
    `[ -e '${reports}'/"$image" ] || image=nothing`,
    `/bin/cp '${reports}'/"$image" "$output"`,
    '',
  ].join('\n');
}

function reportOf(vulnerabilities: readonly string[]): string {
  return JSON.stringify({
    SchemaVersion: 2,
    Metadata: { OS: { Family: 'alpine', Name: '3.23.2' } },
    Results: [
      { Target: 'image', Class: 'os-pkgs', Type: 'alpine', Vulnerabilities: vulnerabilities.map(vulnerabilityOf) },
    ],
  });
}

function vulnerabilityOf(id: string): object {
  return {
    VulnerabilityID: id,
    PkgName: 'busybox',
    InstalledVersion: '1.37.0-r30',
    Severity: 'HIGH',
    Status: 'affected',
  };
}
