import { readFile } from 'node:fs/promises';

import { publishImages } from '@scanner/testing';
import type { Registry } from '@scanner/testing';

import { buildDebianImages } from '../images/debian-images.ts';
import type { DebianBasedImage } from '../images/debian-images.ts';
import type { RealSized } from '../images/real-sized.ts';

/** An image as the catalogue knows it, and as it is pulled. */
export interface PublishedTool {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly tag: string;
  /** With the registry's address. */
  readonly reference: string;
  /** Under which reference the same image was published first: its own where it is the first. */
  readonly sameAs: string;
}

export interface PublishedTools {
  /** Twelve images on two bases. */
  readonly different: readonly PublishedTool[];
  /** The same and four of them under a second name: sixteen tools. */
  readonly all: readonly PublishedTool[];
}

const TWICE = 4;
const TAG = 'latest';

/** Fills a registry with the images on both Debian bases. */
export async function publishTools(registry: Registry, realSized: RealSized): Promise<PublishedTools> {
  const images = await buildDebianImages(realSized);
  const different = images.map(({ repository, image }) => ({ repository, tag: TAG, image }));
  const twice = different.slice(0, TWICE).map((entry) => ({ ...entry, repository: `${entry.repository}-again` }));
  await publishImages(registry, [...different, ...twice], await compressedBases(images, realSized));
  const tools = different.map(({ repository }) => toolOf(repository, registry));
  const again = twice.map(({ repository }, index) => ({
    ...toolOf(repository, registry),
    sameAs: tools[index]?.reference ?? '',
  }));
  return { different: tools, all: [...tools, ...again] };
}

/** The base is the lowest layer of each. */
async function compressedBases(
  images: readonly DebianBasedImage[],
  { bases }: RealSized,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = new Map(
    images.map(({ base, image }) => [image.layers[0]?.diffId ?? '', bases[base].compressedLayerPath]),
  );
  const layers = [...paths].map(async ([diffId, path]) => [diffId, await readFile(path)] as const);
  return new Map(await Promise.all(layers));
}

function toolOf(repository: string, registry: Registry): PublishedTool {
  const [namespace = '', name = ''] = repository.split('/');
  const reference = `${registry.host}/${repository}:${TAG}`;
  return { id: `docker_hub:${repository}`, namespace, name, tag: TAG, reference, sameAs: reference };
}
