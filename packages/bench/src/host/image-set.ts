import { almaLinuxImage, publishImages, startRegistry } from '@scanner/testing';
import type { Engine, PublishedImage } from '@scanner/testing';

import { buildDebianImages, compressedBases } from '../images/debian-images.ts';
import type { RealSized } from '../images/real-sized.ts';

/** What is on the engine: images made the same way every time. */
export interface ImageSet {
  readonly images: number;
  readonly references: readonly string[];
  /** One that stands on the larger base and has no other name. */
  readonly toRebuild: string;
}

const TO_REBUILD = 'bench/ci:21';

/**
 * Has an engine pull the images on both Debian bases, and one whose packages are RPM's, so that it keeps them as engines
 * keep what comes from registries.
 */
export async function pullImageSet(engine: Engine, realSized: RealSized, signal: AbortSignal): Promise<ImageSet> {
  await using registry = await startRegistry();
  const onDebian = await buildDebianImages(realSized);
  const published: PublishedImage[] = [
    ...onDebian.flatMap(({ repository, tags, image }) => tags.map((tag) => ({ repository, tag, image }))),
    { image: (await almaLinuxImage()).image, repository: 'base/almalinux', tag: '8' },
  ];
  await publishImages(registry, published, await compressedBases(onDebian, realSized));
  const references = published.map(({ repository, tag }) => `${registry.host}/${repository}:${tag}`);
  for (const reference of references) {
    signal.throwIfAborted();
    await engine.docker(['pull', '--quiet', reference]);
  }
  return { images: onDebian.length + 1, references, toRebuild: `${registry.host}/${TO_REBUILD}` };
}
