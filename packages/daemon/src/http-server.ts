import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ScannerError } from '@scanner/core';
import type { ListenAddress } from '@scanner/core/config';

import { ClientConnections, type ConnectionLimits } from './client-connections.ts';
import { isMeantForUs } from './requested-host.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** By path, such as `/healthz`. */
export type Routes = Readonly<Record<string, () => Promise<Answer>>>;

/** What a client may take up; times in milliseconds. */
export interface HttpLimits extends ConnectionLimits {
  /** From the connection to the end of the request's headers. */
  readonly headersMs: number;
  /** From the connection to the end of the request. */
  readonly requestMs: number;
  /** From the request to the end of the answer. */
  readonly answerMs: number;
}

const LIMITS: HttpLimits = {
  connections: 64,
  connectionsOfOne: 16,
  headersMs: 5000,
  requestMs: 10_000,
  answerMs: 30_000,
};
const MOST_CHECKS_MS = 1000;

export interface HttpServerOptions {
  readonly listen: ListenAddress;
  readonly routes: Routes;
  /** Names that the server may be asked by, beside addresses and `localhost`; in lower case. */
  readonly names: readonly string[];
  readonly limits?: Partial<HttpLimits>;
}

export interface OpenHttpServer extends AsyncDisposable {
  /** Where it listens, as `http://host:port`. */
  readonly url: string;
}

/**
 * Serves a few paths to GET and HEAD, and nothing else.
 *
 * @throws ScannerError `setting_invalid` where it cannot listen there
 */
export const openHttpServer = async (options: HttpServerOptions): Promise<OpenHttpServer> => {
  const limits = { ...LIMITS, ...options.limits };
  const connections = new ClientConnections(limits);
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.headersMs,
      connectionsCheckingInterval: Math.min(limits.headersMs, MOST_CHECKS_MS),
    },
    (request, response) => {
      const { socket } = request;
      connections.beginAnswer(socket);
      const deadline = setTimeout(() => socket.destroy(), limits.answerMs);
      response.once('close', () => {
        clearTimeout(deadline);
        connections.endAnswer(socket);
      });
      void respond(request, response, options);
    },
  );
  server.on('connection', (socket) => connections.add(socket));
  await listen(server, options.listen);
  return {
    url: urlOf(server),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const respond = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> => {
  const { status, contentType, body } = await answerTo(request, options);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
};

const answerTo = async (
  { method, url, headers }: IncomingMessage,
  { routes, names }: HttpServerOptions,
): Promise<Answer> => {
  if (!isMeantForUs(headers.host, names))
    return plain(421, 'use an address, or set HTTP_HOSTS to the names that this server is reached by\n');
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
