import { join } from 'node:path';

import { mapBounded } from '@scanner/core';

import type { LayerFile } from '../image-export/layer-layout.ts';
import type { RegistryLayer } from './image-manifest.ts';
import { downloadLayer } from './layer-download.ts';
import type { DownloadMeans } from './layer-download.ts';
import type { RegistryImage, RegistryImages } from './registry-images.ts';

export interface PullOptions extends DownloadMeans {
  /** Empty, and the caller's to remove. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Of one image. */
const LAYERS_AT_ONCE = 3;

/**
 * Gets layers of an image into files, inflated and checked, the largest first. The first that fails ends all; what was
 * begun has ended when this settles.
 *
 * @param layers each with a diff ID of its own
 * @throws as `RegistryImages.openLayer` and `downloadLayer` do
 */
export const pullLayers = (
  images: RegistryImages,
  image: RegistryImage,
  layers: readonly RegistryLayer[],
  { directory, disk, gunzip, signal }: PullOptions,
): Promise<LayerFile[]> => {
  const failing = new AbortController();
  const within = AbortSignal.any([signal, failing.signal]);
  const largestFirst = layers.toSorted((a, b) => b.size - a.size);
  return mapBounded(largestFirst, LAYERS_AT_ONCE, async (layer) => {
    try {
      const stream = await images.openLayer(image, layer, within);
      return await downloadLayer(stream, layer, join(directory, layer.diffId.slice('sha256:'.length)), {
        disk,
        gunzip,
      });
    } catch (error) {
      failing.abort();
      throw error;
    }
  });
};
