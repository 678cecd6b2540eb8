import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { anImage, debianImage, npmPackage, pythonPackage, standardImages, writeDockerArchive } from '@scanner/testing';
import type { Engine, NamedImage, Tree } from '@scanner/testing';

/** What is on the engine: images made the same way every time. */
export interface ImageSet {
  readonly images: number;
  readonly references: readonly string[];
}

const MAX_LAYER_BYTES = 1024 ** 3;

/** Its jars need Trivy's second database, which the measurement leaves out. */
const NEEDS_JAVA_DATABASE = 'registry.example/shop/billing:7';

/** What stands on the Debian base: references to layers, from the lowest. */
const ON_DEBIAN: readonly { readonly references: readonly string[]; readonly layers: readonly Tree[] }[] = [
  { references: ['registry.example/bench/checkout:3'], layers: [npmPackage('lodash', '4.17.11')] },
  { references: ['registry.example/bench/search:2'], layers: [npmPackage('minimist', '1.2.5')] },
  { references: ['registry.example/bench/reports:11'], layers: [pythonPackage('Jinja2', '2.11.2')] },
  {
    references: ['registry.example/bench/mail:5'],
    layers: [{ ...npmPackage('lodash', '4.17.21'), ...pythonPackage('Jinja2', '2.11.2') }],
  },
  {
    references: ['registry.example/bench/stock:4', 'registry.example/bench/stock:latest'],
    layers: [pythonPackage('Jinja2', '2.11.2'), npmPackage('minimist', '1.2.5')],
  },
  {
    references: ['registry.example/bench/backup:1', 'registry.example/bench/backup:latest'],
    layers: [{ 'opt/backup/run.sh': '#!/bin/sh\n' }],
  },
];

/** Fills an engine with a whole Debian image, images that stand on it, and the small standard images. */
export async function loadImageSet(engine: Engine, workDirectory: string): Promise<ImageSet> {
  const images = [...(await debianImages()), ...(await smallImages())];
  const archive = join(workDirectory, 'images.tar');
  await writeDockerArchive(archive, images);
  await engine.load(archive);
  return { images: images.length, references: images.flatMap(({ references }) => references) };
}

async function debianImages(): Promise<NamedImage[]> {
  const debian = await debianImage();
  const base = await onlyLayerOf(debian.archivePath);
  const described = [{ references: [debian.reference], layers: [] }, ...ON_DEBIAN];
  return Promise.all(
    described.map(async ({ references, layers }) => ({
      references,
      image: await anImage({ layers: [base, ...layers] }),
    })),
  );
}

async function smallImages(): Promise<NamedImage[]> {
  const images = await standardImages();
  return images.filter(({ references }) => references.length > 0 && !references.includes(NEEDS_JAVA_DATABASE));
}

async function onlyLayerOf(archive: string): Promise<Uint8Array> {
  const args = ['--extract', '--to-stdout', '--wildcards', '--file', archive, '*/layer.tar'];
  const { stdout } = await promisify(execFile)('tar', args, { encoding: 'buffer', maxBuffer: MAX_LAYER_BYTES });
  return stdout;
}
