import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

import type { Registry } from '@scanner/testing';

/** How a mirror treats what it is asked: as the registry behind it does, or worse. */
export type Behaviour =
  | 'good'
  /** Every answer has that status, with an error of the distribution API. */
  | { readonly status: number; readonly code: string }
  /** A captive portal: every answer is a web page. */
  | 'portal'
  /** Half of the database, and then nothing. */
  | 'stalling'
  /** Half of the database, and then the end of the connection. */
  | 'truncating'
  /** The whole database with some bytes changed. */
  | 'tampering';

export interface Mirror extends AsyncDisposable {
  /** For `--db-repository`. */
  readonly repository: string;
  readonly javaRepository: string;
  behaviour: Behaviour;
  /** How often the database itself was asked for. */
  readonly downloads: number;
}

const LARGER_THAN_MANIFESTS = 2048;

/** Puts a mirror of changing temper before a real registry. */
export const startMirror = async (registry: Registry, behaviour: Behaviour = 'good'): Promise<Mirror> => {
  const state = { behaviour, downloads: 0 };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    respond(state, `${registry.url}${path}`, request.headers.accept, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The mirror has no port.');
  const host = `127.0.0.1:${address.port}`;
  return {
    repository: `${host}/trivy-db`,
    javaRepository: `${host}/trivy-java-db`,
    get behaviour() {
      return state.behaviour;
    },
    set behaviour(next) {
      state.behaviour = next;
    },
    get downloads() {
      return state.downloads;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const respond = async (
  state: { behaviour: Behaviour; downloads: number },
  url: string,
  accept: string | undefined,
  response: ServerResponse,
): Promise<void> => {
  const { behaviour } = state;
  if (behaviour === 'portal') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to the hotel</body></html>');
    return;
  }
  if (typeof behaviour === 'object') {
    response.writeHead(behaviour.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code: behaviour.code, message: 'as the test wants it' }] }));
    return;
  }
  const answer = await fetch(url, { headers: accept === undefined ? {} : { accept } });
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => /^(?:content|docker)-/.test(name)));
  response.writeHead(answer.status, { ...headers, 'content-length': body.length });
  if (!url.includes('/blobs/') || body.length < LARGER_THAN_MANIFESTS) {
    response.end(body);
    return;
  }
  state.downloads += 1;
  send(body, behaviour, response);
};

const send = (
  database: Buffer,
  behaviour: 'good' | 'stalling' | 'truncating' | 'tampering',
  response: ServerResponse,
): void => {
  const half = database.subarray(0, database.length / 2);
  if (behaviour === 'stalling') response.write(half);
  else if (behaviour === 'truncating') response.write(half, () => response.destroy());
  else if (behaviour === 'tampering')
    response.end(Buffer.concat([half, Buffer.alloc(database.length - half.length, 7)]));
  else response.end(database);
};
