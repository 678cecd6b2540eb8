/** A Trivy that may be run. */
export interface TrivyBinary {
  /** Absolute, with every link followed. */
  readonly path: string;
  /** As it says itself, e.g. `0.74.0`. */
  readonly version: string;
  /** Named by a setting, found in the search path, or got by {@link installTrivy}. */
  readonly origin: 'explicit' | 'path' | 'cache';
  /** What its user should know of it, as sentences. */
  readonly warnings: readonly string[];
}
