import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Log } from '@scanner/core';

import { readBucketNames } from '../database/bolt-file.ts';
import type { DatabaseFiles } from './scan-database.ts';

/** A system as Trivy names it. */
export interface System {
  readonly family: string;
  readonly release: string;
  /** Under extended maintenance, as Ubuntu has it. */
  readonly extended: boolean;
  /** Who built its packages anew. */
  readonly supplier: string;
  /** The release that its package repositories are of, where they say. */
  readonly repository: string | null;
}

/** Knows for which systems and releases a database has advisories. */
export class SystemAdvisories {
  /** Null where it could not be read: then it is taken to have them all. */
  readonly #buckets: ReadonlySet<string> | null;

  constructor(buckets: ReadonlySet<string> | null) {
    this.#buckets = buckets;
  }

  /** Reads it from the database's list of contents, which is short. */
  static async of({ directory }: DatabaseFiles, log: Log): Promise<SystemAdvisories> {
    try {
      await using file = await open(join(directory, 'trivy.db'), 'r');
      return new SystemAdvisories(await readBucketNames(file));
    } catch (error) {
      log.warn('the vulnerability database does not say for which systems it has advisories: for all, it is supposed', {
        reason: error instanceof Error ? error.message : String(error),
      });
      return new SystemAdvisories(null);
    }
  }

  /** `unknown` is a system of which it is not known here where its advisories would lie. */
  has(system: System): 'yes' | 'no' | 'unknown' {
    const wanted = bucketsOf(system);
    if (wanted === null || this.#buckets === null) return 'unknown';
    return wanted.some((bucket) => this.#buckets?.has(bucket)) ? 'yes' : 'no';
  }
}

/** Where Trivy (0.72 to 0.74) looks for a system's advisories; null for a system that is not known here. */
const bucketsOf = (system: System): readonly string[] | null => {
  const rebuilt = system.supplier === 'rapidfort' ? REBUILT.get(system.family) : undefined;
  if (rebuilt !== undefined) return rebuilt(system.release);
  const bucketOf = BUCKETS.get(system.family);
  return bucketOf === undefined ? null : [bucketOf(system.release, system)];
};

const major = (release: string): string => release.split('.', 1)[0] ?? '';
const minor = (release: string): string => release.split('.', 2).join('.');

const alpineRelease = (release: string, { repository }: System): string => {
  if (repository === null || repository === '') return minor(release);
  return repository.split('.').length > 2 ? repository.slice(0, repository.lastIndexOf('.')) : repository;
};

/** What Amazon numbers otherwise counts as the first. */
const amazonRelease = (release: string): string => {
  const found = major(release.trim().split(/\s+/, 1)[0] ?? '');
  return ['2', '2022', '2023'].includes(found) ? found : '1';
};

/** Those whose plain maintenance had ended before Trivy 0.72. Of the others the plain advisories count. */
const EXTENDED_UBUNTU: ReadonlySet<string> = new Set(['12.04', '14.04', '16.04', '18.04', '20.04']);

const ubuntuRelease = (release: string, { extended }: System): string =>
  extended && EXTENDED_UBUNTU.has(release) ? `${release}-ESM` : release;

const BUCKETS = new Map<string, (release: string, system: System) => string>([
  ['alma', (release) => `alma ${major(release)}`],
  ['alpine', (release, system) => `alpine ${alpineRelease(release, system)}`],
  ['amazon', (release) => `amazon linux ${amazonRelease(release)}`],
  ['azurelinux', (release) => `Azure Linux ${minor(release)}`],
  ['bottlerocket', () => 'bottlerocket'],
  ['cbl-mariner', (release) => `CBL-Mariner ${minor(release)}`],
  ['centos', () => 'Red Hat'],
  ['chainguard', () => 'chainguard'],
  // It has a judge that knows no advisories.
  ['coreos', () => 'coreos'],
  ['debian', (release) => `debian ${major(release)}`],
  ['echo', () => 'echo'],
  ['minimos', () => 'minimos'],
  ['opensuse-leap', (release) => `openSUSE Leap ${release}`],
  ['opensuse-tumbleweed', () => 'openSUSE Tumbleweed'],
  ['oracle', (release) => `Oracle Linux ${major(release)}`],
  ['photon', (release) => `Photon OS ${release}`],
  ['redhat', () => 'Red Hat'],
  ['rocky', (release) => `rocky ${major(release)}`],
  ['slem', (release) => `SUSE Linux Enterprise Micro ${release}`],
  ['sles', (release) => `SUSE Linux Enterprise ${release}`],
  ['ubuntu', (release, system) => `ubuntu ${ubuntuRelease(release, system)}`],
  ['wolfi', () => 'wolfi'],
]);

/** Packages that RapidFort builds anew for any release have their advisories in one place. */
const REBUILT = new Map<string, (release: string) => readonly string[]>([
  ['alpine', (release) => [`rapidfort alpine ${minor(release)}`, 'rapidfort alpine']],
  ['redhat', (release) => [`rapidfort Red Hat ${major(release)}`, 'rapidfort Red Hat']],
  ['ubuntu', (release) => [`rapidfort ubuntu ${minor(release)}`, 'rapidfort ubuntu']],
]);
