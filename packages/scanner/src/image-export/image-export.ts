/**
 * An archive of images as `docker save` writes it, piece by piece: a piece is good until the next one is asked for.
 * It ends in an error when the signal that it was asked for with is aborted. Dispose of it to stop it.
 */
export type ImageArchive = AsyncIterable<Uint8Array> & AsyncDisposable;

/** Where images can be had as files, several at once: a Docker engine. */
export interface ImageExport {
  /**
   * All these images, named by ID, in one archive, each layer once. It fails whole where one of them is gone.
   *
   * @throws ScannerError `engine_unreachable`, `engine_forbidden`, `engine_lost` or `engine_error`
   */
  exportImages(ids: readonly string[], signal: AbortSignal): Promise<ImageArchive>;

  /**
   * Those of these images that are still there.
   *
   * @throws ScannerError as `exportImages` does
   */
  stillThere(ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;

  /**
   * The ID of what goes by a reference there; null where nothing does.
   *
   * @throws ScannerError as `exportImages` does
   */
  identify?(reference: string, signal: AbortSignal): Promise<string | null>;
}
