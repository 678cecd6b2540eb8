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

/** Which rules results are judged by: those that an older version stored for the same database are not believed. */
const RULES = 2;

/**
 * The Java database is no part of it: what it says of a jar is kept with the analysis of the layer, and an image scanned
 * without it is covered in part and not kept.
 */
export const identityOf = (trivyVersion: string, { vulnerabilities, stale }: ScanDatabase): ScannerIdentity => ({
  trivyVersion,
  databaseGeneration: `db@${vulnerabilities.id}/${RULES}`,
  databaseUpdatedAt: vulnerabilities.updatedAt.toISOString(),
  databaseStale: stale,
});
