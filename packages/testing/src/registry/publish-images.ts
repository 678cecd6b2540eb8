import { gzipSync } from 'node:zlib';

import type { BuiltImage } from '../images/image.ts';
import type { Layer } from '../images/layer.ts';
import { OCI_CONFIG, OCI_LAYER, OCI_MANIFEST } from '../images/oci-media-types.ts';
import { mountBlob, putBlob, putManifest } from './registry-upload.ts';
import type { UploadedBlob } from './registry-upload.ts';
import type { Registry } from './registry.ts';

/** An image and where it shall lie in a registry. */
export interface PublishedImage {
  readonly image: BuiltImage;
  readonly repository: string;
  readonly tag: string;
}

interface UploadedLayer {
  readonly blob: UploadedBlob;
  readonly repository: string;
}

/**
 * Pushes images of which many share their layers: each layer is compressed and uploaded once. What is at hand compressed
 * is given by diff ID, since a large layer takes long.
 */
export async function publishImages(
  registry: Registry,
  images: readonly PublishedImage[],
  compressed: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<void> {
  const uploaded = new Map<string, UploadedLayer>();
  const publishLayer = async (repository: string, { diffId, tar }: Layer): Promise<UploadedBlob> => {
    const known = uploaded.get(diffId);
    if (known === undefined) {
      const blob = await putBlob(registry, repository, OCI_LAYER, compressed.get(diffId) ?? gzipSync(tar));
      uploaded.set(diffId, { blob, repository });
      return blob;
    }
    if (known.repository !== repository) await mountBlob(registry, repository, known.blob.digest, known.repository);
    return known.blob;
  };
  for (const { image, repository, tag } of images) {
    const layers: UploadedBlob[] = [];
    for (const layer of image.layers) layers.push(await publishLayer(repository, layer));
    const config = await putBlob(registry, repository, OCI_CONFIG, image.config);
    const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
    await putManifest(registry, [repository, tag], OCI_MANIFEST, manifest);
  }
}
