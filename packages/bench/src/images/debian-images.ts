import { readFile } from 'node:fs/promises';

import { anImage } from '@scanner/testing';
import type { BuiltImage } from '@scanner/testing';

import { DESCRIBED_IMAGES } from './described-images.ts';
import type { DescribedImage } from './described-images.ts';
import type { RealSized } from './real-sized.ts';

/** An image that stands on one of the Debian bases, with all its bytes. */
export interface DebianBasedImage extends Pick<DescribedImage, 'repository' | 'tags' | 'base'> {
  readonly image: BuiltImage;
}

/** Builds the twelve images; those on the same base share its bytes, which are all in memory. */
export async function buildDebianImages({ bases }: RealSized): Promise<readonly DebianBasedImage[]> {
  const layers = {
    runtime: await readFile(bases.runtime.layerPath),
    build: await readFile(bases.build.layerPath),
  };
  const images: DebianBasedImage[] = [];
  for (const { repository, tags, base, layers: above } of DESCRIBED_IMAGES)
    images.push({ repository, tags, base, image: await anImage({ layers: [layers[base], ...above] }) });
  return images;
}

/** The bases as a registry has them, by diff ID: each is the lowest layer of its images. */
export async function compressedBases(
  images: readonly DebianBasedImage[],
  { bases }: RealSized,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = new Map(
    images.map(({ base, image }) => [image.layers[0]?.diffId ?? '', bases[base].compressedLayerPath]),
  );
  const layers = [...paths].map(async ([diffId, path]) => [diffId, await readFile(path)] as const);
  return new Map(await Promise.all(layers));
}
