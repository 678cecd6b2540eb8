import { connect, type Socket } from 'node:net';

import { waitUntil } from '@scanner/testing';
import { describe, expect, test } from 'vitest';

import { type HttpLimits, openHttpServer, type OpenHttpServer } from './http-server.ts';

const HALF_A_REQUEST = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const LONG_BODY = 'image_scanner_images 1\n'.repeat(1_000_000);

const aServer = (limits: Partial<HttpLimits> = {}): Promise<OpenHttpServer> =>
  openHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    routes: {
      '/healthz': async () => ({ status: 200, contentType: 'text/plain', body: 'well' }),
      '/metrics': async () => ({ status: 200, contentType: 'text/plain', body: LONG_BODY }),
    },
    names: ['scanner.example'],
    limits,
  });

/** A client that writes what it is told, and reads nothing unless told. */
interface RawClient extends Disposable {
  readonly socket: Socket;
  readonly isClosed: () => boolean;
  readonly answer: () => string;
}

const rawClient = async (
  { url }: OpenHttpServer,
  sent: string,
  { reads = true, from = '127.0.0.1' }: { reads?: boolean; from?: string } = {},
): Promise<RawClient> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  let closed = false;
  let answer = '';
  socket.on('error', () => {});
  socket.on('close', () => (closed = true));
  if (reads) socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  return { socket, isClosed: () => closed, answer: () => answer, [Symbol.dispose]: () => socket.destroy() };
};

const closed = async (clients: readonly RawClient[], count: number): Promise<void> => {
  const howMany = (): number => clients.filter((client) => client.isClosed()).length;
  await waitUntil(() => (howMany() >= count ? true : undefined), {
    what: `${count} closed connections`,
    timeoutMs: 10_000,
  });
};

const healthOf = async ({ url }: OpenHttpServer): Promise<string> => (await fetch(`${url}/healthz`)).text();

describe('a server', () => {
  test('answers while one user keeps many connections open that send nothing to their end', async () => {
    await using server = await aServer();
    using slow = new DisposableStack();
    const clients: RawClient[] = [];
    for (let count = 0; count < 80; count += 1)
      clients.push(slow.use(await rawClient(server, HALF_A_REQUEST, { from: `127.0.0.${1 + (count % 40)}` })));
    for (let round = 0; round < 6; round += 1) expect(await healthOf(server)).toBe('well');
    await closed(clients, 80 - 16);
    expect(clients.slice(0, 64).every((client) => client.isClosed())).toBe(true);
  });

  test('answers while one user reads none of the answers that he asks for', async () => {
    await using server = await aServer({ connectionsOfOne: 4 });
    using slow = new DisposableStack();
    const clients: RawClient[] = [];
    const request = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
    for (let count = 0; count < 12; count += 1)
      clients.push(slow.use(await rawClient(server, request, { reads: false })));
    expect(await healthOf(server)).toBe('well');
    const long = await fetch(`${server.url}/metrics`);
    expect((await long.text()).length).toBe(LONG_BODY.length);
  });

  test('closes no connection that is being answered for one that asks for nothing', async () => {
    await using server = await aServer({ connectionsOfOne: 3 });
    const request = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    using asking = await rawClient(server, request, { reads: false });
    expect(await healthOf(server)).toBe('well');
    using slow = new DisposableStack();
    for (let count = 0; count < 8; count += 1) slow.use(await rawClient(server, HALF_A_REQUEST));
    let length = 0;
    asking.socket.on('data', (piece) => (length += piece.length)).resume();
    await waitUntil(() => (asking.isClosed() ? true : undefined), { what: 'the end of the answer', timeoutMs: 10_000 });
    expect(length).toBeGreaterThan(LONG_BODY.length);
  });

  test('ends a connection whose headers do not come', async () => {
    await using server = await aServer({ headersMs: 200, requestMs: 400 });
    using client = await rawClient(server, HALF_A_REQUEST);
    const drip = setInterval(() => client.socket.write('x'), 20);
    await closed([client], 1);
    clearInterval(drip);
    expect(client.answer()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('ends a connection whose body does not come', async () => {
    await using server = await aServer({ headersMs: 200, requestMs: 400 });
    const post = 'POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx';
    using client = await rawClient(server, post);
    await closed([client], 1);
    expect(client.answer()).toMatch(/^HTTP\/1\.1 405 /);
  });

  test('ends a connection whose answer is not read', async () => {
    await using server = await aServer({ answerMs: 300 });
    using client = await rawClient(server, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', { reads: false });
    const more = setInterval(() => client.socket.write('\r\n'), 20);
    await closed([client], 1);
    clearInterval(more);
    expect(client.socket.bytesRead).toBeLessThan(LONG_BODY.length);
  });

  test.each([
    ['127.0.0.1', 200],
    ['localhost:9090', 200],
    ['scanner.example', 200],
    ['evil.example', 421],
    ['scanner.example.evil.example:9090', 421],
  ])('answers a request for %s with %i', async (host, status) => {
    await using server = await aServer();
    using client = await rawClient(server, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    await closed([client], 1);
    expect(client.answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(client.answer().endsWith('well')).toBe(status === 200);
  });

  test('refuses a request of HTTP/1.1 without a host', async () => {
    await using server = await aServer();
    using client = await rawClient(server, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    await closed([client], 1);
    expect(client.answer()).toMatch(/^HTTP\/1\.1 400 /);
  });
});
