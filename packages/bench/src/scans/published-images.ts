import { publishImages } from '@scanner/testing';
import type { Registry } from '@scanner/testing';

import { buildDebianImages, compressedBases } from '../images/debian-images.ts';
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
  const tools = different.map(({ repository }) => publishedTool(registry, repository, TAG));
  const again = twice.map(({ repository }, index) => ({
    ...publishedTool(registry, repository, TAG),
    sameAs: tools[index]?.reference ?? '',
  }));
  return { different: tools, all: [...tools, ...again] };
}

/** A repository's tag in a registry that stands for Docker Hub. */
export function publishedTool(registry: Registry, repository: string, tag: string): PublishedTool {
  const [namespace = '', name = ''] = repository.split('/');
  const reference = `${registry.host}/${repository}:${tag}`;
  return { id: `docker_hub:${repository}`, namespace, name, tag, reference, sameAs: reference };
}
