import type { Readable } from 'node:stream';

/** Where images can be had as files, several at once: a Docker engine. */
export interface ImageExport {
  /**
   * All these images, named by ID, in one archive as `docker save` writes it, each layer once. It fails whole where one
   * of them is gone. The archive has to be read to its end, or destroyed.
   *
   * @throws ScannerError `engine_unreachable`, `engine_forbidden`, `engine_lost` or `engine_error`
   */
  exportImages(ids: readonly string[], signal: AbortSignal): Promise<Readable>;

  /**
   * Those of these images that are still there.
   *
   * @throws ScannerError as `exportImages` does
   */
  stillThere(ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}
