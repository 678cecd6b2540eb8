import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { almaLinuxImage, writeDockerArchive } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

import { buildDebianImages } from '../images/debian-images.ts';
import type { RealSized } from '../images/real-sized.ts';

/** What is on the engine: images made the same way every time. */
export interface ImageSet {
  readonly images: number;
  readonly references: readonly string[];
}

/** Fills an engine with the images on both Debian bases, and one whose packages are RPM's. */
export async function loadImageSet(engine: Engine, realSized: RealSized, workDirectory: string): Promise<ImageSet> {
  const onDebian = await buildDebianImages(realSized);
  const images = [
    ...onDebian.map(({ repository, tags, image }) => ({
      references: tags.map((tag) => `registry.example/${repository}:${tag}`),
      image,
    })),
    { ...(await almaLinuxImage()), references: ['registry.example/base/almalinux:8'] },
  ];
  const archive = join(workDirectory, 'images.tar');
  await writeDockerArchive(archive, images);
  await engine.load(archive);
  await rm(archive);
  return { images: images.length, references: images.flatMap(({ references }) => references) };
}
