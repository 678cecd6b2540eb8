import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ScannerError } from '@scanner/core';
import type { ListenAddress } from '@scanner/core/config';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** By path, such as `/healthz`. */
export type Routes = Readonly<Record<string, () => Promise<Answer>>>;

export interface OpenHttpServer extends AsyncDisposable {
  /** Where it listens, as `http://host:port`. */
  readonly url: string;
}

const REQUEST_MS = 10_000;
const MOST_CONNECTIONS = 64;

/**
 * Serves a few paths to GET and HEAD, and nothing else to nobody.
 *
 * @throws ScannerError `setting_invalid` where it cannot listen there
 */
export const openHttpServer = async ({ host, port }: ListenAddress, routes: Routes): Promise<OpenHttpServer> => {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    void respond(request, response, routes);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, { host, port });
  return {
    url: urlOf(server),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const respond = async (request: IncomingMessage, response: ServerResponse, routes: Routes): Promise<void> => {
  const { status, contentType, body } = await answerTo(request, routes);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

const answerTo = async ({ method, url }: IncomingMessage, routes: Routes): Promise<Answer> => {
  const path = (url ?? '/').split('?', 1)[0] ?? '/';
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return plain(404, `there is ${Object.keys(routes).join(', ')}\n`);
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD\n');
  try {
    return await route();
  } catch {
    return plain(500, 'this could not be answered\n');
  }
};

const plain = (status: number, body: string): Answer => ({ status, contentType: 'text/plain; charset=utf-8', body });

const listen = async (server: Server, { host, port }: ListenAddress): Promise<void> => {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(host !== null && { host }) }, () => resolve());
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScannerError(`HTTP_LISTEN: nothing can listen on port ${port}: ${why}`, {
      code: 'setting_invalid',
      hint: 'name another address with HTTP_LISTEN, or end what listens there',
      cause,
    });
  }
};

const urlOf = (server: Server): string => {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') return '';
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
};
