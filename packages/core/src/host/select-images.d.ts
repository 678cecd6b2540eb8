import type { ImageReport } from '../documents/host-scan-document.ts';
import type { HostImage } from '../model/image.ts';
import { type ImagePattern } from './image-pattern.ts';
/** Which of a host's images a pass is about. */
export interface ImageSelection {
  /** Only what one of these matches; empty: everything. */
  readonly only: readonly ImagePattern[];
  /** References to leave out, whatever else names them. */
  readonly ignore: readonly ImagePattern[];
  /** Whether images without a tag are scanned though no container uses them and nothing names them. */
  readonly untagged: boolean;
}
export interface SelectedImages {
  /** With the references that are not ignored. */
  readonly toScan: readonly HostImage[];
  /** Skipped ones with their reason, and what was asked for and is not there. */
  readonly leftOut: readonly ImageReport[];
}
/** Decides for each image whether it is scanned, and says why where it is not. */
export declare const selectImages: (images: readonly HostImage[], selection: ImageSelection) => SelectedImages;
/** Whether an image of that name would be looked at if the host had it. */
export declare const coversReference: ({ only, ignore }: ImageSelection, reference: string) => boolean;
