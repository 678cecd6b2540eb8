import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectories } from '@scanner/core';

import type { StatedLayer } from './image-config.ts';

/** A layer that lies inflated in a file. */
export interface LayerFile extends StatedLayer {
  readonly file: { readonly path: string; readonly bytes: number };
  /** Whether there are Java archives in it. */
  readonly holdsJava: boolean;
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Moves layers into an OCI layout of one image that is made of all of them. As an image it makes no sense; each layer of
 * it is what it was.
 *
 * @param platform `os/architecture[/variant]`
 */
export const writeLayerLayout = async (
  directory: string,
  layers: readonly LayerFile[],
  platform: string,
): Promise<void> => {
  const blobs = join(directory, 'blobs', 'sha256');
  await makeDirectories(blobs, 0o700);
  const writeBlob = async (mediaType: string, content: object): Promise<Descriptor> => {
    const bytes = Buffer.from(JSON.stringify(content));
    const hex = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, hex), bytes, { mode: 0o600 });
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  };

  for (const { diffId, file } of layers) await rename(file.path, join(blobs, diffId.slice('sha256:'.length)));
  const config = await writeBlob(CONFIG, configOf(layers, platform));
  const manifest = await writeBlob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config,
    layers: layers.map(({ diffId, file }) => ({ mediaType: LAYER, digest: diffId, size: file.bytes })),
  });
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
};

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const configOf = (layers: readonly LayerFile[], platform: string): object => {
  const [os = 'linux', architecture = 'amd64', variant] = platform.split('/');
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ createdBy }) => ({ created_by: createdBy })),
  };
};
