import { APART, READING } from './cache-use.ts';
import type { CacheUse } from './cache-use.ts';
import type { ScanResult } from './scan-result.ts';

/** An image of which the content of every layer is what it states. */
export interface CheckedImage {
  /** What Trivy calls it; null where that is not known. */
  readonly imageId: string | null;
  /** Diff IDs, base first. */
  readonly layers: readonly string[];
  /** Whether whoever gets the image from its source gets just that: a Docker engine that hashes what it takes in. */
  readonly bySource: boolean;
}

/** What a run of Trivy that gets the image by itself may do with what others know. */
export const cacheUseOf = (checked: CheckedImage | null): CacheUse => {
  if (checked === null) return APART;
  return checked.bySource ? { reads: true, keeps: new Set(checked.layers) } : READING;
};

/** Whether a run that got the image by itself got the one that was checked. */
export const isSameImage = (
  { imageId, layers }: CheckedImage,
  result: Pick<ScanResult, 'imageId' | 'layers'>,
): boolean =>
  (imageId === null || imageId === result.imageId) &&
  layers.length === result.layers.length &&
  layers.every((layer, index) => layer === result.layers[index]);
