import type { HostImage } from '../model/image.ts';
export interface ImageListing {
  /** Every image once, in the order of their first reference. */
  readonly images: readonly HostImage[];
  /** What could not be asked, as sentences for the reader, each once. */
  readonly warnings: readonly string[];
}
/** Where a host's images are known: a Docker engine. */
export interface ImageSource {
  /**
   * @throws ScannerError `engine_unreachable`, `engine_forbidden`, `engine_too_old`, `engine_lost` or `engine_error`
   */
  list(signal?: AbortSignal): Promise<ImageListing>;
}
