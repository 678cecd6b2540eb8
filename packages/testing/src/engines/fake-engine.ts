import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

import { temporaryDirectory } from '../temporary-directory.ts';

/** One image of a fake engine: nothing is in it but its name. */
export interface ListedImage {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly id: string;
  readonly references: readonly string[];
}

/** An engine that lists whatever it is given and exports nothing. */
export interface FakeEngine extends AsyncDisposable {
  /** Value for `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** From now on these are its images. */
  list(images: readonly ListedImage[]): void;
}

const API_VERSION = '1.47';
const VERSION = { Version: '27.0.0', ApiVersion: API_VERSION, MinAPIVersion: '1.24', Components: [{ Name: 'Engine' }] };
const SIZE_BYTES = 1_000_000;

/**
 * Starts what answers as a Docker engine does to those who list images, in this process: for hundreds of hosts with
 * images that come and change between two passes, which real engines are too slow for.
 */
export async function startFakeEngine(images: readonly ListedImage[] = []): Promise<FakeEngine> {
  const directory = await temporaryDirectory();
  const socket = join(directory.path, 'docker.sock');
  let listed = images;
  const server = createServer(({ url = '' }, response) => {
    answer(response, url.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, ''), listed);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    dockerHost: `unix://${socket}`,
    list: (next) => {
      listed = next;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function answer(response: ServerResponse, path: string, images: readonly ListedImage[]): void {
  const body = bodyOf(path, images);
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'api-version': API_VERSION,
  });
  response.end(JSON.stringify(body ?? { message: 'there is no such thing on a fake engine' }));
}

function bodyOf(path: string, images: readonly ListedImage[]): unknown {
  if (path === '/_ping') return 'OK';
  if (path === '/version') return VERSION;
  if (path === '/info') return { Name: 'fake', Driver: 'overlay2' };
  if (path === '/containers/json') return [];
  if (path === '/images/json') return images.map(rowOf);
  const image = images.find(({ id }) => path === `/images/${id}/json`);
  return (
    image && { ...rowOf(image), Os: 'linux', Architecture: 'amd64', RootFS: { Type: 'layers', Layers: [image.id] } }
  );
}

function rowOf({ id, references }: ListedImage): object {
  return { Id: id, RepoTags: references, RepoDigests: [], Size: SIZE_BYTES, Created: 1 };
}
