/**
 * What Trivy learned of single layers, by keys of its own making. Losing any of it costs time, never results.
 * Synchronous, since what serves it answers from one file or from memory.
 */
export interface BlobCache {
  get(key: string): Buffer | undefined;
  /** Without reading the value. */
  has(key: string): boolean;
  /** Whether it is kept: a scan whose own layers are not has to be served them all the same. */
  set(key: string, value: Buffer): boolean;
  delete(keys: readonly string[]): number;
}
