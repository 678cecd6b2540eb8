import type { FileHandle } from 'node:fs/promises';

import { findBoltDamage } from './bolt-file.ts';
import { findSqliteDamage } from './sqlite-file.ts';

/** What tells the databases apart that Trivy downloads. */
export interface DatabaseKind {
  /** What people call it. */
  readonly title: string;
  /** Its directory in Trivy's cache layout. */
  readonly directory: 'db' | 'java-db';
  readonly file: string;
  /** The schema that every supported Trivy reads. */
  readonly schemaVersion: number;
  /** After a download Trivy leaves the mirrors alone that long, whatever the database says of its next update. */
  readonly pauseMs: number;
  /** Trivy's arguments that download it from one mirror. */
  readonly downloadArguments: (repository: string) => readonly string[];
  /** Reads the file's own header; says what is wrong with it, or null. */
  readonly findDamage: (file: FileHandle, size: number) => Promise<string | null>;
  /** Trivy opens it for any scan, so that a scan of nothing shows whether it can. */
  readonly openedByEveryScan: boolean;
}

const HOUR_MS = 3_600_000;

export const VULNERABILITIES: DatabaseKind = {
  title: 'vulnerability database',
  directory: 'db',
  file: 'trivy.db',
  schemaVersion: 2,
  pauseMs: HOUR_MS,
  downloadArguments: (repository) => ['--download-db-only', '--db-repository', repository],
  findDamage: findBoltDamage,
  openedByEveryScan: true,
};

export const JAVA_ARCHIVES: DatabaseKind = {
  title: 'Java database',
  directory: 'java-db',
  file: 'trivy-java.db',
  schemaVersion: 1,
  pauseMs: 24 * HOUR_MS,
  downloadArguments: (repository) => ['--download-java-db-only', '--java-db-repository', repository],
  findDamage: findSqliteDamage,
  openedByEveryScan: false,
};

/** Trivy's own mirrors, in its order. */
export const DEFAULT_REPOSITORIES: readonly string[] = [
  'mirror.gcr.io/aquasec/trivy-db:2',
  'ghcr.io/aquasecurity/trivy-db:2',
];

/** As {@link DEFAULT_REPOSITORIES}, for the Java database. */
export const DEFAULT_JAVA_REPOSITORIES: readonly string[] = [
  'mirror.gcr.io/aquasec/trivy-java-db:1',
  'ghcr.io/aquasecurity/trivy-java-db:1',
];
