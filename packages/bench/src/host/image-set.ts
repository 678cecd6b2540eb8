import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { almaLinuxImage, anImage, writeDockerArchive } from '@scanner/testing';
import type { Engine, NamedImage } from '@scanner/testing';

import { DESCRIBED_IMAGES } from '../images/described-images.ts';
import type { RealSized } from '../images/real-sized.ts';

/** What is on the engine: images made the same way every time. */
export interface ImageSet {
  readonly images: number;
  readonly references: readonly string[];
}

/** Fills an engine with the images on both Debian bases, and one whose packages are RPM's. */
export async function loadImageSet(engine: Engine, { bases }: RealSized, workDirectory: string): Promise<ImageSet> {
  const layers = {
    runtime: await readFile(bases.runtime.layerPath),
    build: await readFile(bases.build.layerPath),
  };
  const onDebian = DESCRIBED_IMAGES.map(async (described) => ({
    references: described.tags.map((tag) => `registry.example/${described.repository}:${tag}`),
    image: await anImage({ layers: [layers[described.base], ...described.layers] }),
  }));
  const almaLinux = { ...(await almaLinuxImage()), references: ['registry.example/base/almalinux:8'] };
  return loadImages(engine, [...(await Promise.all(onDebian)), almaLinux], workDirectory);
}

async function loadImages(engine: Engine, images: readonly NamedImage[], workDirectory: string): Promise<ImageSet> {
  const archive = join(workDirectory, 'images.tar');
  await writeDockerArchive(archive, images);
  await engine.load(archive);
  await rm(archive);
  return { images: images.length, references: images.flatMap(({ references }) => references) };
}
