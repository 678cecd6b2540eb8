import { sha256 } from '../images/layer.ts';
import { OCI_MANIFEST } from '../images/oci-media-types.ts';
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
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: artifact.artifactType,
      config,
      layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': artifact.title } }],
    }),
  );
  await put(`${registry.url}/v2/${repository}/manifests/${tag}`, OCI_MANIFEST, manifest);
  return sha256(manifest);
}

async function putBlob(registry: Registry, repository: string, mediaType: string, bytes: Uint8Array): Promise<object> {
  const digest = sha256(bytes);
  const begun = await fetch(`${registry.url}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const location = begun.headers.get('location');
  await begun.body?.cancel();
  if (location === null) throw new Error(`The registry refused an upload with status ${begun.status}.`);
  const target = new URL(location, registry.url);
  target.searchParams.set('digest', digest);
  await put(target.href, 'application/octet-stream', bytes);
  return { mediaType, digest, size: bytes.length };
}

async function put(url: string, contentType: string, body: Uint8Array): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': contentType },
    body: new Uint8Array(body),
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`PUT ${url} was answered with status ${response.status}: ${text}`);
}
