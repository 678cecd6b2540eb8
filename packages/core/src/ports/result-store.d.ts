import type { CompleteScan, Coverage } from '../model/scan-outcome.ts';
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
/** What the last complete scan of a reference was, and where its result is. */
export interface LastScan {
  readonly key: ResultKey;
  /** The engine's ID of the image that the reference stood for. */
  readonly imageId: string;
  readonly coverage: Coverage;
  readonly databaseStale: boolean;
  /** ISO 8601. */
  readonly scannedAt: string;
}
/** Keeps finished scans; what `save` returned from survives a crash. */
export interface ResultStore {
  find(key: ResultKey): StoredResult | undefined;
  /** @throws ScannerError `disk_full`, `directory_unusable` or `store_corrupt` */
  save(key: ResultKey, result: StoredResult): void;
  /**
   * Notes what is the last complete scan of each of these references from now on.
   * @throws ScannerError as `save` does
   */
  remember(references: readonly string[], last: LastScan): void;
  /** `undefined` when no complete scan of the reference is on record. */
  lastOf(reference: string): LastScan | undefined;
  /** Every reference with a complete scan on record, in order. */
  references(): readonly string[];
}
