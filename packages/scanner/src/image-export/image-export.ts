import type { PlannedImage } from '@scanner/core';

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
   * Whether whoever has the images hashes every layer that it takes in, so that none holds other layers than it states.
   * Where it does not say, it does not.
   *
   * @throws ScannerError as `exportImages` does
   */
  checksLayers?(signal: AbortSignal): Promise<boolean>;

  /**
   * What is known of an image by its ID or one of its references; null where there is none.
   *
   * @throws ScannerError as `exportImages` does
   */
  describeImage?(name: string, signal: AbortSignal): Promise<PlannedImage | null>;
}
