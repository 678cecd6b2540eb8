import type { ScannerIdentity } from '@scanner/core';

/** A database on disk, which nobody changes while a scanner has it. */
export interface DatabaseFiles {
  /** Holds the database's file and `metadata.json`. */
  readonly directory: string;
  /** Names the content. */
  readonly id: string;
}

/** What a scanner matches against. */
export interface ScanDatabase {
  readonly vulnerabilities: DatabaseFiles & { readonly updatedAt: Date };
  /** The vulnerabilities are older than they may be, and used all the same. */
  readonly stale: boolean;
  /** Knows Java archives by their hashes; null where there is none. */
  readonly java: DatabaseFiles | null;
}

export const identityOf = (trivyVersion: string, { vulnerabilities, stale, java }: ScanDatabase): ScannerIdentity => ({
  trivyVersion,
  databaseGeneration: java === null ? `db@${vulnerabilities.id}` : `db@${vulnerabilities.id}+java-db@${java.id}`,
  databaseUpdatedAt: vulnerabilities.updatedAt.toISOString(),
  databaseStale: stale,
});
