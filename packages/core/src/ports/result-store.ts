import type { CompleteScan } from '../model/scan-outcome.ts';

/** Everything a result depends on; with all of it the same, scanning again would find the same. */
export interface ResultKey {
  /** Names the content: see contentKey. */
  readonly content: string;
  /** The extra arguments that can change findings. */
  readonly options: string;
  readonly trivyVersion: string;
  readonly databaseGeneration: string;
}

/** A result with where it was written down. */
export interface StoredResult {
  readonly scan: CompleteScan;
  /** File name of the log written when it was scanned, or null. */
  readonly log: string | null;
}

/** Keeps finished scans; what `save` returned from survives a crash. */
export interface ResultStore {
  find(key: ResultKey): StoredResult | undefined;
  /** @throws ScannerError `disk_full`, `directory_unusable` or `store_corrupt` */
  save(key: ResultKey, result: StoredResult): void;
}
