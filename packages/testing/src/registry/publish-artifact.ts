import { OCI_MANIFEST } from '../images/oci-media-types.ts';
import { putBlob, putManifest } from './registry-upload.ts';
import type { Registry } from './registry.ts';

/** An OCI artifact of one layer. */
export interface Artifact {
  readonly artifactType: string;
  readonly layerMediaType: string;
  /** File name of the layer, which clients save it under. */
  readonly title: string;
  readonly contents: Uint8Array;
}

const EMPTY_CONFIG = 'application/vnd.oci.empty.v1+json';

/** Pushes an artifact as `REPOSITORY:TAG` and returns the digest of its manifest. */
export async function publishArtifact(
  registry: Registry,
  repository: string,
  tag: string,
  artifact: Artifact,
): Promise<string> {
  const emptyConfig = Buffer.from('{}');
  const config = await putBlob(registry, repository, EMPTY_CONFIG, emptyConfig);
  const layer = await putBlob(registry, repository, artifact.layerMediaType, artifact.contents);
  return putManifest(registry, [repository, tag], OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: artifact.artifactType,
    config,
    layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': artifact.title } }],
  });
}
