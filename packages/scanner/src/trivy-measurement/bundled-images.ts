import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

import { ScannerError } from '@scanner/core';
import type { PlannedImage } from '@scanner/core';
import { z } from 'zod';

import { ImageConfig, statedLayers } from '../image-export/image-config.ts';
import type { ImageExport } from '../image-export/image-export.ts';
import { readArchive } from '../image-export/read-archive.ts';
import { BUNDLED_DATA } from './bundled-data.ts';

/** An image of which the findings with the bundled database are of no interest but to compare with. */
export interface BundledImage extends PlannedImage {
  /** A docker archive with this image alone. */
  readonly archive: string;
}

/** The demonstration's images and database, on the disk. */
export interface BundledFiles {
  /** Holds `trivy.db` and `metadata.json`. */
  readonly database: string;
  readonly images: readonly BundledImage[];
}

/** By path, as `gts demo` has them. */
export const bundledFiles = (): Map<string, Buffer> => {
  const packed = brotliDecompressSync(Buffer.from(BUNDLED_DATA, 'base64')).toString('utf8');
  const files = z.record(z.string(), z.string()).parse(JSON.parse(packed));
  return new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content, 'base64')]));
};

/** Writes them below a directory. */
export const writeBundledFiles = async (directory: string): Promise<BundledFiles> => {
  const images: BundledImage[] = [];
  for (const [path, content] of bundledFiles()) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, content, { mode: 0o600 });
    if (path.startsWith('images/')) images.push(await describeArchive(file, content.length));
  }
  return { database: join(directory, 'db'), images };
};

/** They are all of one platform, and named by the digest of their configuration, as `docker save` names them. */
const describeArchive = async (archive: string, sizeBytes: number): Promise<BundledImage> => {
  for await (const { name, pieces } of readArchive(createReadStream(archive))) {
    const id = /^([0-9a-f]{64})\.json$/v.exec(name)?.[1];
    if (id === undefined) continue;
    const config = ImageConfig.parse(JSON.parse(await textOf(pieces())));
    const layers = statedLayers(config).map(({ diffId }) => diffId);
    return { id: `sha256:${id}`, platform: 'linux/amd64', layers, sizeBytes, archive };
  }
  throw new Error(`${archive} holds no configuration of an image`);
};

/** A piece is good until the next one is asked for. */
const textOf = async (pieces: AsyncIterable<Buffer>): Promise<string> => {
  const kept: Buffer[] = [];
  for await (const piece of pieces) kept.push(Buffer.from(piece));
  return Buffer.concat(kept).toString('utf8');
};

/** Gives these images out as an engine does, one at a time. */
export const exportOf = (images: readonly BundledImage[]): ImageExport => {
  const find = (id: string): BundledImage | undefined => images.find((image) => image.id === id);
  return {
    describeImage: (name) => Promise.resolve(find(name) ?? null),
    stillThere: (ids) => Promise.resolve(new Set(ids.filter((id) => find(id) !== undefined))),
    exportImages: async ([id = '', ...others], signal) => {
      const image = find(id);
      if (image === undefined || others.length > 0)
        throw new ScannerError('bundled images are exported one at a time', { code: 'engine_error' });
      return createReadStream(image.archive, { signal });
    },
  };
};
