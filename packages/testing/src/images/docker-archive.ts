import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';

import type { BuiltImage } from './image.ts';
import { MADE_AT } from './layer.ts';

/** An image and the references it is known by; none makes a dangling image. */
export interface NamedImage {
  readonly image: BuiltImage;
  readonly references: readonly string[];
}

/** Writes images as `docker save` does: one tar, which every engine loads and `trivy image --input` reads. */
export async function writeDockerArchive(path: string, images: readonly NamedImage[]): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createWriteStream(path));
  const add = entryWriter(archive);
  for (const { image } of images) {
    add(configName(image), image.config);
    for (const layer of image.layers) add(layerName(layer.diffId), layer.tar);
  }
  add('manifest.json', JSON.stringify(images.map(manifestEntry)));
  archive.finalize();
  await written;
}

function entryWriter(archive: Pack): (name: string, contents: Uint8Array | string) => void {
  const names = new Set<string>();
  return (name, contents) => {
    if (names.has(name)) return;
    names.add(name);
    archive.entry({ name, mode: 0o644, mtime: MADE_AT }, bufferOf(contents));
  };
}

function manifestEntry({ image, references }: NamedImage): object {
  return {
    Config: configName(image),
    RepoTags: references.length === 0 ? null : references,
    Layers: image.layers.map(({ diffId }) => layerName(diffId)),
  };
}

function configName(image: BuiltImage): string {
  return `${hexOf(image.id)}.json`;
}

function layerName(diffId: string): string {
  return `${hexOf(diffId)}/layer.tar`;
}

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}

/** Of the same memory: a layer may have hundreds of megabytes. */
function bufferOf(contents: Uint8Array | string): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents);
  return Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
}
