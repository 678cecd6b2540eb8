import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CompleteScan, ScanOutcome } from '@scanner/core';
import { InMemoryBlobCache, InMemoryLockKeeper } from '@scanner/core/testing';
import { databaseFile, databaseMetadata, javaDatabaseArchive, realTrivy, temporaryDirectory } from '@scanner/testing';
import type { CatalogImage, KnownFinding } from '@scanner/testing';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

import { openTrivyScanner } from '../src/index.ts';
import { PINNED_VERSION } from '../src/trivy-binary/trivy-version.ts';
import type { DatabaseFiles, ScanDatabase, TrivyScanner, TrivyScannerOptions } from '../src/index.ts';

const TIMES = { updatedAt: new Date('2026-11-20T00:00:00Z'), nextUpdate: new Date('2126-01-01T00:00:00Z') };

/** A flag that changes nothing of a result, and that Trivy's server cannot be told: a process of its own does it all. */
export const PULLED_BY_TRIVY = { extraArgs: ['--max-image-size=10GB'] } as const;

/** A scanner on the small database, with everything it stands on; gone when the test is. */
export interface Workbench {
  readonly scanner: TrivyScanner;
  readonly blobCache: InMemoryBlobCache;
  /** Free for a test's own files. */
  readonly directory: string;
  readonly workDirectory: string;
  /** What the scanner's jobs have left behind. */
  leftovers(): Promise<string[]>;
}

export const openWorkbench = async (
  given: Partial<TrivyScannerOptions> & { readonly java?: boolean } = {},
): Promise<Workbench> => {
  const { java = false, ...options } = given;
  const { path: directory } = await madeDirectory();
  const workDirectory = join(directory, 'work');
  const blobCache = new InMemoryBlobCache();
  const scanner = await openTrivyScanner({
    trivy: { path: await realTrivy(), version: PINNED_VERSION },
    database: await layDatabase(join(directory, 'database'), java),
    blobCache,
    workDirectory,
    locks: new InMemoryLockKeeper(),
    concurrency: 4,
    ...options,
  });
  onTestFinished(() => scanner[Symbol.asyncDispose]());
  const leftovers = (): Promise<string[]> => filesOf(workDirectory);
  return { scanner, blobCache, directory, workDirectory, leftovers };
};

/** The small database, and the Java one where it is wanted, in directories below this one. */
export const layDatabase = async (directory: string, java: boolean): Promise<ScanDatabase> => {
  const vulnerabilities = join(directory, 'db');
  await mkdir(vulnerabilities, { recursive: true });
  await writeFile(join(vulnerabilities, 'trivy.db'), await databaseFile(1));
  await writeFile(join(vulnerabilities, 'metadata.json'), JSON.stringify(databaseMetadata(TIMES)));
  return {
    vulnerabilities: { directory: vulnerabilities, id: 'small', updatedAt: TIMES.updatedAt },
    stale: false,
    java: java ? await layJavaDatabase(directory) : null,
  };
};

/** The scan, or what the test should fail with. */
export const complete = (outcome: ScanOutcome): CompleteScan => {
  if (outcome.status === 'failed') throw new Error(`${outcome.reason.code}: ${outcome.reason.message}`);
  return outcome;
};

const namesOf = (findings: readonly KnownFinding[]): string[] =>
  findings.map(({ id, package: name, version }) => `${id} ${name} ${version}`).toSorted();

export const foundIn = (scan: CompleteScan): string[] =>
  scan.findings
    .map(({ vulnerability, package: name, installed }) => `${vulnerability} ${name} ${installed}`)
    .toSorted();

export const expectedIn = (image: CatalogImage): string[] => namesOf(image.findings);

export const madeDirectory = async (): Promise<{ readonly path: string }> => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory;
};

export const layJavaDatabase = async (parent: string): Promise<DatabaseFiles> => {
  const directory = join(parent, 'java-db');
  await mkdir(directory, { recursive: true });
  await execa('tar', ['-xz', '-C', directory], { input: await javaDatabaseArchive(TIMES) });
  return { directory, id: 'small' };
};

const filesOf = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const jobs = entries.filter((entry) => /\/(?:jobs|empty|modules|home)(?:\/|$)/.test(`${entry.parentPath}/`));
  return jobs.map((entry) => join(entry.parentPath, entry.name));
};
