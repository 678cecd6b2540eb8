import { join } from 'node:path';

import type { Engine } from '../engines/engine.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  almaLinuxImage,
  alpineImage,
  endOfLifeImage,
  hostileImage,
  jarImage,
  mendedNodeImage,
  nodeImage,
  pythonImage,
  scratchImage,
  smallDebianImage,
  unsupportedImage,
} from './catalog.ts';
import type { CatalogImage } from './catalog.ts';
import { writeDockerArchive } from './docker-archive.ts';

/** What a scan of an image can be worth at best. */
export type ExpectedCoverage = 'full' | 'eol' | 'unsupported';

/** An image of the standard set. */
export interface StandardImage extends CatalogImage {
  readonly references: readonly string[];
  readonly coverage: ExpectedCoverage;
}

/**
 * The set that a host is filled with: eleven images, of which one has two references, one has none, three share the
 * Alpine base and three the Debian base.
 */
export async function standardImages(): Promise<readonly StandardImage[]> {
  return [
    { ...(await alpineImage()), references: ['registry.example/base/alpine:3.23'], coverage: 'full' },
    {
      ...(await nodeImage()),
      references: ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'],
      coverage: 'full',
    },
    { ...(await smallDebianImage()), references: ['registry.example/base/debian:12'], coverage: 'full' },
    { ...(await pythonImage()), references: ['registry.example/shop/worker:1.0'], coverage: 'full' },
    { ...(await jarImage()), references: ['registry.example/shop/billing:7'], coverage: 'full' },
    { ...(await almaLinuxImage()), references: ['registry.example/base/almalinux:8'], coverage: 'full' },
    { ...(await scratchImage()), references: ['registry.example/tools/static:1'], coverage: 'unsupported' },
    { ...(await endOfLifeImage()), references: ['registry.example/legacy/alpine:3.10'], coverage: 'eol' },
    { ...(await unsupportedImage()), references: ['registry.example/legacy/fedora:43'], coverage: 'unsupported' },
    { ...(await hostileImage()), references: ['registry.example/odd/names:1'], coverage: 'full' },
    { ...(await mendedNodeImage()), references: [], coverage: 'full' },
  ];
}

/** Loads {@link standardImages} into an engine and returns them. */
export async function loadStandardImages(engine: Engine): Promise<readonly StandardImage[]> {
  const images = await standardImages();
  await using directory = await temporaryDirectory();
  const archive = join(directory.path, 'images.tar');
  await writeDockerArchive(archive, images);
  await engine.load(archive);
  return images;
}
