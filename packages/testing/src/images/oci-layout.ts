import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { attestationOf } from './attestation.ts';
import type { Descriptor, PutBlob } from './descriptor.ts';
import type { BuiltImage } from './image.ts';
import { sha256, tarOf } from './layer.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST } from './oci-media-types.ts';

/** What an OCI layout holds: one image, or one image per platform under one index. */
export interface OciContent {
  /** A full reference with a tag, such as `registry.example/shop/web:1.4`. */
  readonly reference: string;
  readonly platforms: readonly BuiltImage[];
  /** Adds to each platform a manifest with provenance, of the platform `unknown/unknown`, as BuildKit does. */
  readonly attestations?: boolean;
  /** How the layers lie, in turn; as gzip unless told. */
  readonly compressions?: readonly LayerCompression[];
}

export type LayerCompression = 'gzip' | 'zstd' | 'none';

/** Digests of what has been written. */
export interface OciDigests {
  /** Digest of the manifest, or of the index where there are several manifests. */
  readonly digest: string;
  readonly manifests: readonly Descriptor[];
}

/** Writes an OCI layout into a directory, which is made where missing. */
export async function writeOciLayout(directory: string, content: OciContent): Promise<OciDigests> {
  const blobs = join(directory, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const put: PutBlob = async (mediaType, bytes) => {
    const digest = sha256(bytes);
    await writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const manifests = await putManifests(content, put);
  const top = await topOf(manifests, put);
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(directory, 'index.json'), JSON.stringify(indexOf([{ ...top, annotations: names(content) }])));
  return { digest: top.digest, manifests };
}

/** The files of an OCI layout as one tar, as `skopeo copy … oci-archive:` writes it and a current engine loads. */
export async function writeOciArchive(path: string, layoutDirectory: string): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of await readdir(layoutDirectory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files[file.slice(layoutDirectory.length + 1)] = await readFile(file);
  }
  await writeFile(path, await tarOf(files));
}

async function putManifests(content: OciContent, put: PutBlob): Promise<Descriptor[]> {
  const manifests: Descriptor[] = [];
  for (const image of content.platforms) manifests.push(await putImage(image, content.compressions ?? ['gzip'], put));
  if (content.attestations !== true) return manifests;
  const attestations: Descriptor[] = [];
  for (const manifest of manifests) attestations.push(await attestationOf(manifest, put));
  return [...manifests, ...attestations];
}

async function putImage(
  image: BuiltImage,
  compressions: readonly LayerCompression[],
  put: PutBlob,
): Promise<Descriptor> {
  const config = await put(OCI_CONFIG, image.config);
  const layers: Descriptor[] = [];
  for (const [index, { tar }] of image.layers.entries())
    layers.push(await putLayer(tar, compressions[index % compressions.length] ?? 'gzip', put));
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
  const descriptor = await put(OCI_MANIFEST, Buffer.from(JSON.stringify(manifest)));
  return { ...descriptor, platform: { architecture: image.architecture, os: 'linux' } };
}

async function putLayer(tar: Uint8Array, compression: LayerCompression, put: PutBlob): Promise<Descriptor> {
  if (compression === 'gzip') return put(OCI_LAYER, gzipSync(tar));
  const plain = OCI_LAYER.replace(/\+gzip$/, '');
  return compression === 'zstd' ? put(`${plain}+zstd`, zstdCompressSync(tar)) : put(plain, tar);
}

async function topOf(manifests: readonly Descriptor[], put: PutBlob): Promise<Descriptor> {
  const [only, ...others] = manifests;
  if (only !== undefined && others.length === 0) return only;
  return put(OCI_INDEX, Buffer.from(JSON.stringify(indexOf(manifests))));
}

function indexOf(manifests: readonly Descriptor[]): object {
  return { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
}

function names({ reference }: OciContent): Record<string, string> {
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  return { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': tag };
}
