import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { realTrivy, startAgreeingRegistry, temporaryDirectory } from '@scanner/testing';

/** A registry that has every image one asks for, and a Trivy that scans each in about the same short time. */
export interface PacedScans extends AsyncDisposable {
  /** What tells `gts` to use these. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface PaceOptions {
  /** How long a scan takes. */
  readonly seconds: number;
}

/** Finds one vulnerability; the real Trivy still answers everything but the scan of an image of a registry. */
const REPORT = JSON.stringify({
  SchemaVersion: 2,
  Metadata: { OS: { Family: 'alpine', Name: '3.23.2' } },
  Results: [
    {
      Target: 'image',
      Class: 'os-pkgs',
      Type: 'alpine',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2099-2001',
          PkgName: 'busybox',
          InstalledVersion: '1.37.0-r30',
          Severity: 'HIGH',
          Status: 'affected',
        },
      ],
    },
  ],
});

/** For what the pace of real scans is too uneven and too slow: hundreds of tools, stopped at chosen moments. */
export const pacedScans = async ({ seconds }: PaceOptions): Promise<PacedScans> => {
  const directory = await temporaryDirectory();
  const trivy = join(directory.path, 'trivy');
  const report = join(directory.path, 'canned.json');
  await writeFile(report, REPORT);
  await writeFile(trivy, programFor(report, await realTrivy(), seconds), { mode: 0o755 });
  const registry = await startAgreeingRegistry();
  return {
    environment: { TRIVY_PATH: trivy, REGISTRY_MIRRORS: `docker.io=${registry.host}` },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
};

/** Trivy is started without a search path, so the programs are named in full. */
const programFor = (report: string, trivy: string, seconds: number): string =>
  [
    '#!/bin/sh',
    `case "$*" in *"--image-src remote"*) ;; *) exec '${trivy}' "$@" ;; esac`,
    'while [ $# -gt 0 ]; do',
    '  if [ "$1" = --output ]; then output=$2; fi',
    '  shift',
    'done',
    `/bin/sleep ${seconds}`,
    `/bin/cp '${report}' "$output"`,
    '',
  ].join('\n');
