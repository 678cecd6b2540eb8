import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import {
  createServer as createProxy,
  type IncomingMessage,
  request,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import { connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { temporaryDirectory } from '@scanner/testing';

import type { Environment } from './gts.ts';

const run = promisify(execFile);

/** What stands for Docker Hub's own registry, with its hosts, its tokens and its limit of pulls. */
export interface LimitedRegistry extends AsyncDisposable {
  /** What leads `gts` and Trivy there, and to no other host. */
  readonly environment: Environment;
  /** How many pulls were granted, and how many refused. */
  readonly pulls: { granted: number; refused: number };
}

export interface PullLimit {
  readonly pulls: number;
  readonly windowSeconds: number;
}

/** Starts one in front of `target`, such as `http://127.0.0.1:5000`. A manifest of an image that is got is a pull; asking for its digest is none. */
export const limitRegistry = async (target: string, limit: PullLimit): Promise<LimitedRegistry> => {
  await using opened = new AsyncDisposableStack();
  const directory = opened.use(await temporaryDirectory());
  const certificate = await makeCertificate(directory.path);
  const window = new PullWindow(limit);
  const server = createServer(
    { key: await readFile(certificate.key), cert: await readFile(certificate.path) },
    dockerHub(target, window),
  );
  const origin = await listen(server, opened);
  const proxy = createProxy((_asked, answer) => answer.writeHead(502).end());
  proxy.on('connect', (asked: IncomingMessage, socket: Socket) => tunnel(asked.url ?? '', origin, socket));
  const port = await listen(proxy, opened);
  const standing = opened.move();
  return {
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      SSL_CERT_FILE: certificate.path,
      NODE_EXTRA_CA_CERTS: certificate.path,
    },
    pulls: window.pulls,
    [Symbol.asyncDispose]: () => standing.disposeAsync(),
  };
};

/** Pulls within a time; all are granted anew after it. */
class PullWindow {
  readonly pulls = { granted: 0, refused: 0 };
  readonly #limit: PullLimit;
  #used = 0;
  #endsAt = 0;

  constructor(limit: PullLimit) {
    this.#limit = limit;
  }

  take(): boolean {
    const isLeft = this.#left() > 0;
    if (isLeft && this.#used === 0) this.#endsAt = Date.now() + this.#limit.windowSeconds * 1000;
    if (isLeft) this.#used += 1;
    this.pulls[isLeft ? 'granted' : 'refused'] += 1;
    return isLeft;
  }

  headers(): Record<string, string> {
    const { pulls, windowSeconds } = this.#limit;
    return {
      'ratelimit-limit': `${pulls};w=${windowSeconds}`,
      'ratelimit-remaining': `${this.#left()};w=${windowSeconds}`,
    };
  }

  #left(): number {
    if (Date.now() >= this.#endsAt) this.#used = 0;
    return this.#limit.pulls - this.#used;
  }
}

const CHALLENGE = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"';
const REFUSAL = JSON.stringify({
  errors: [{ code: 'TOOMANYREQUESTS', message: 'You have reached your unauthenticated pull rate limit.' }],
});

const dockerHub =
  (target: string, window: PullWindow): RequestListener =>
  (asked, answer) => {
    if (asked.headers.host === 'auth.docker.io') answer.end(JSON.stringify({ token: 'anybody', expires_in: 300 }));
    else if (asked.headers.authorization === undefined)
      answer.writeHead(401, { 'www-authenticate': CHALLENGE }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    else passOn(target, asked, answer, window);
  };

const passOn = (target: string, asked: IncomingMessage, answer: ServerResponse, window: PullWindow): void => {
  const { method, headers, url = '/' } = asked;
  const { authorization: _token, host: _host, ...others } = headers;
  request(new URL(url, target), { method, headers: others }, (response) => {
    const isPull = method === 'GET' && url.includes('/manifests/') && isImage(response);
    if (isPull && !window.take()) {
      response.resume();
      answer.writeHead(429, { 'content-type': 'application/json', ...window.headers() }).end(REFUSAL);
      return;
    }
    answer.writeHead(response.statusCode ?? 502, { ...response.headers, ...window.headers() });
    response.pipe(answer);
  })
    .on('error', () => answer.destroy())
    .end();
};

const isImage = ({ headers }: IncomingMessage): boolean => /\.manifest\.v/.test(headers['content-type'] ?? '');

/** Only the hosts of Docker Hub's registry are there. */
const tunnel = (host: string, port: number, socket: Socket): void => {
  socket.on('error', () => socket.destroy());
  if (!/^(?:registry-1|index|auth)\.docker\.io:443$/.test(host)) {
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    return;
  }
  const onward = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
};

const listen = async (server: Server, opened: AsyncDisposableStack): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
};

const makeCertificate = async (directory: string): Promise<{ readonly key: string; readonly path: string }> => {
  const [key, path] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  await run('openssl', [
    ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '2'],
    ...['-subj', '/CN=a registry of the tests', '-addext', 'subjectAltName=DNS:*.docker.io'],
    ...['-keyout', key, '-out', path],
  ]);
  return { key, path };
};
