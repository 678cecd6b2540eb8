import { sha256 } from '../images/layer.ts';
import type { Registry } from './registry.ts';

/** What was uploaded, as a manifest names it. */
export interface UploadedBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Uploads a blob into a repository. */
export async function putBlob(
  registry: Registry,
  repository: string,
  mediaType: string,
  bytes: Uint8Array,
): Promise<UploadedBlob> {
  const digest = sha256(bytes);
  const { location, status } = await beginUpload(registry, repository);
  if (location === null) throw new Error(`The registry refused an upload with status ${status}.`);
  const target = new URL(location, registry.url);
  target.searchParams.set('digest', digest);
  await put(target.href, 'application/octet-stream', bytes);
  return { mediaType, digest, size: bytes.length };
}

/** Makes a blob of one repository one of another too, without uploading it again. */
export async function mountBlob(registry: Registry, repository: string, digest: string, from: string): Promise<void> {
  const { status } = await beginUpload(registry, repository, { mount: digest, from });
  if (status !== 201) throw new Error(`The registry did not mount ${digest} from ${from}: status ${status}.`);
}

/** Uploads a manifest and returns its digest. */
export async function putManifest(
  registry: Registry,
  repositoryAndTag: readonly [repository: string, tag: string],
  mediaType: string,
  manifest: object,
): Promise<string> {
  const [repository, tag] = repositoryAndTag;
  const bytes = Buffer.from(JSON.stringify(manifest));
  await put(`${registry.url}/v2/${repository}/manifests/${tag}`, mediaType, bytes);
  return sha256(bytes);
}

async function beginUpload(
  registry: Registry,
  repository: string,
  query: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly location: string | null }> {
  const url = new URL(`/v2/${repository}/blobs/uploads/`, registry.url);
  url.search = new URLSearchParams(query).toString();
  const begun = await fetch(url, { method: 'POST' });
  await begun.body?.cancel();
  return { status: begun.status, location: begun.headers.get('location') };
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
