import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { silentLog } from '@scanner/core';
import type { BlobCache } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

import { APART, READING } from './cache-use.ts';
import type { CacheUse } from './cache-use.ts';
import { RespServer } from './resp-server.ts';
import type { CacheAccess } from './resp-server.ts';

const command = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((argument) => `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`).join('')}`;

const serve = async (cache: BlobCache = new InMemoryBlobCache()): Promise<RespServer> => {
  const server = await RespServer.listen(cache, silentLog);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
};

const connectTo = async (server: RespServer): Promise<Socket> => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
};

/** Sends, and waits for an answer that ends with `end`. */
const ask = async (socket: Socket, sent: string, end: string): Promise<string> => {
  const chunks: string[] = [];
  const answered = new Promise<string>((resolve) => {
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk.toString());
      // Joined small, since looking at the end of a long text would join it all each time.
      if (!chunks.slice(-end.length).join('').endsWith(end)) return;
      socket.off('data', onData);
      resolve(chunks.join(''));
    };
    socket.on('data', onData);
    socket.once('close', () => resolve(`${chunks.join('')}(closed)`));
  });
  socket.write(sent);
  return answered;
};

const login = async (server: RespServer, access: CacheAccess): Promise<Socket> => {
  const socket = await connectTo(server);
  const { username, password } = new URL(access.url);
  expect(await ask(socket, command('AUTH', username, password), '\r\n')).toBe('+OK\r\n');
  return socket;
};

const LAYER = `sha256:${'a'.repeat(64)}`;
/** Whoever has hashed that layer. */
const SHARING: CacheUse = { reads: true, keeps: new Set([LAYER]) };

const analysisOf = (diffId: string, found = ''): string => JSON.stringify({ SchemaVersion: 2, DiffID: diffId, found });

const bulk = (value: string): string => `$${value.length}\r\n${value}\r\n`;

describe('RespServer', () => {
  const maker = { patienceMs: 10_000, onWait: () => () => {} };

  test('lets a scan wait for the layer that another is analysing, and gives it what comes of it', async () => {
    const server = await serve();
    const first = await login(server, server.openAccess({ use: SHARING, maker }));
    const second = await login(server, server.openAccess({ use: SHARING, maker: { ...maker } }));
    expect(await ask(first, command('GET', 'fanal::blob::1'), '\r\n')).toBe('$-1\r\n');
    const waiting = ask(second, command('GET', 'fanal::blob::1') + command('PING'), 'PONG\r\n');
    await ask(first, command('SET', 'fanal::blob::1', analysisOf(LAYER)), '\r\n');
    expect(await waiting).toBe(`${bulk(analysisOf(LAYER))}+PONG\r\n`);
  });

  test('lets the next scan analyse a layer when the one that was about to has ended without', async () => {
    const server = await serve();
    const access = server.openAccess({ use: SHARING, maker });
    const first = await login(server, access);
    const second = await login(server, server.openAccess({ use: SHARING, maker: { ...maker } }));
    await ask(first, command('GET', 'fanal::blob::1'), '\r\n');
    const waiting = ask(second, command('GET', 'fanal::blob::1'), '\r\n');
    access[Symbol.dispose]();
    expect(await waiting).toBe('$-1\r\n');
  });

  test('lets nobody wait for what is no analysis, nor one who only reads', async () => {
    const server = await serve();
    const first = await login(server, server.openAccess({ use: SHARING, maker }));
    const second = await login(server, server.openAccess({ use: SHARING, maker: { ...maker } }));
    const reader = await login(server, server.openAccess({ use: READING }));
    for (const key of ['fanal::artifact::1', 'fanal::blob::1'])
      expect(await ask(first, command('GET', key), '\r\n')).toBe('$-1\r\n');
    expect(await ask(second, command('GET', 'fanal::artifact::1'), '\r\n')).toBe('$-1\r\n');
    expect(await ask(reader, command('GET', 'fanal::blob::1'), '\r\n')).toBe('$-1\r\n');
  });

  test('gives who is apart nothing of what others stored, and others nothing of his', async () => {
    const cache = new InMemoryBlobCache();
    const server = await serve(cache);
    const shared = await login(server, server.openAccess({ use: SHARING, maker }));
    const apart = await login(server, server.openAccess({ use: APART }));
    await ask(shared, command('SET', 'fanal::blob::1', analysisOf(LAYER, 'true')), '\r\n');
    expect(await ask(apart, command('EXISTS', 'fanal::blob::1'), '\r\n')).toBe(':0\r\n');
    expect(await ask(apart, command('GET', 'fanal::blob::1'), '\r\n')).toBe('$-1\r\n');
    await ask(apart, command('SET', 'fanal::blob::1', analysisOf(LAYER, 'false')), '\r\n');
    await ask(apart, command('SET', 'fanal::blob::2', analysisOf(LAYER, 'false')), '\r\n');
    const own = bulk(analysisOf(LAYER, 'false'));
    expect(await ask(apart, command('GET', 'fanal::blob::1'), own)).toBe(own);
    expect(await ask(apart, command('DEL', 'fanal::blob::1'), '\r\n')).toBe(':0\r\n');
    expect(cache.get('fanal::blob::1')?.toString()).toBe(analysisOf(LAYER, 'true'));
    expect(cache.has('fanal::blob::2')).toBe(false);
  });

  test('gives others nothing of a layer whose content was not hashed, nor of anything else', async () => {
    const cache = new InMemoryBlobCache();
    const server = await serve(cache);
    const other = analysisOf(`sha256:${'b'.repeat(64)}`);
    for (const [use, key, value] of [
      [SHARING, 'fanal::blob::1', other],
      [SHARING, 'fanal::blob::2', JSON.stringify({ CreatedBy: analysisOf(LAYER) })],
      [SHARING, 'fanal::blob::3', `{"CreatedBy":"\\"DiffID\\":\\"${LAYER}\\"","DiffID":"other"}`],
      [SHARING, 'fanal::artifact::1', analysisOf(LAYER)],
      [READING, 'fanal::blob::4', analysisOf(LAYER)],
      [APART, 'fanal::blob::5', analysisOf(LAYER)],
    ] as const) {
      const socket = await login(server, server.openAccess({ use }));
      expect(await ask(socket, command('SET', key, value), '\r\n')).toBe('+OK\r\n');
      expect(await ask(socket, command('GET', key), bulk(value))).toBe(bulk(value));
      expect(cache.has(key)).toBe(false);
    }
  });

  test('gives others what is held back when it is to be kept, and not before', async () => {
    const cache = new InMemoryBlobCache();
    const seen: string[] = [];
    const server = await serve(cache);
    const access = server.openAccess({ use: SHARING, held: true, sees: (key) => seen.push(key) });
    const socket = await login(server, access);
    await ask(socket, command('SET', 'fanal::blob::1', analysisOf(LAYER)), '\r\n');
    expect(await ask(socket, command('GET', 'fanal::blob::1'), '}\r\n')).toBe(bulk(analysisOf(LAYER)));
    expect([cache.has('fanal::blob::1'), seen]).toEqual([false, []]);
    access.keep();
    expect([cache.has('fanal::blob::1'), seen]).toEqual([true, ['fanal::blob::1']]);
  });

  test('has Trivy wait for as long as it may be kept waiting', async () => {
    const server = await serve();
    expect(new URL(server.openAccess({ use: SHARING, maker }).url).searchParams.get('read_timeout')).toBe('40s');
    expect(new URL(server.openAccess({ use: SHARING }).url).search).toBe('');
  });

  test('shows what was stored and what was found', async () => {
    const seen: string[] = [];
    const server = await serve();
    const access = server.openAccess({ use: SHARING, sees: (key, value) => seen.push(`${key} ${value.toString()}`) });
    const socket = await login(server, access);
    await ask(socket, command('SET', 'fanal::blob::1', analysisOf(LAYER)), '\r\n');
    await ask(socket, command('GET', 'fanal::blob::1'), '\r\n');
    await ask(socket, command('GET', 'fanal::blob::2'), '\r\n');
    expect(seen).toEqual(Array(2).fill(`fanal::blob::1 ${analysisOf(LAYER)}`));
  });

  test('keeps what one scan wrote for all others', async () => {
    const server = await serve();
    const writer = await login(server, server.openAccess({ use: SHARING }));
    const reader = await login(server, server.openAccess({ use: READING }));
    await ask(writer, command('SET', 'fanal::blob::1', analysisOf(LAYER), 'EX', '60'), '\r\n');
    expect(await ask(reader, command('GET', 'fanal::blob::1'), '}\r\n')).toBe(bulk(analysisOf(LAYER)));
    expect(await ask(reader, command('GET', 'fanal::blob::2'), '\r\n')).toBe('$-1\r\n');
  });

  test('answers commands sent at once, in their order', async () => {
    const server = await serve();
    const socket = await login(server, server.openAccess({ use: SHARING }));
    const sent = [
      command('CLIENT', 'SETINFO', 'LIB-NAME', 'x'),
      command('SELECT', '3'),
      command('SET', 'fanal::blob::1', analysisOf(LAYER)),
      command('EXISTS', 'fanal::blob::1', 'fanal::none'),
      command('DEL', 'fanal::blob::1'),
      command('GET', 'fanal::blob::1'),
      command('FLUSHALL'),
      command('PING'),
    ];
    expect(await ask(socket, sent.join(''), '+PONG\r\n')).toBe(
      '+OK\r\n+OK\r\n+OK\r\n:1\r\n:1\r\n$-1\r\n-ERR unknown command\r\n+PONG\r\n',
    );
  });

  test('tells which scan read and wrote what', async () => {
    const server = await serve();
    const [first, second] = [server.openAccess({ use: SHARING }), server.openAccess({ use: SHARING })];
    await ask(await login(server, first), command('SET', 'fanal::blob::1', analysisOf(LAYER)), '\r\n');
    await ask(await login(server, second), command('GET', 'fanal::blob::1'), '}\r\n');
    expect(first.trace).toMatchObject({ analysed: true, blobKeys: ['fanal::blob::1'] });
    expect(second.trace).toMatchObject({ analysed: false, blobKeys: ['fanal::blob::1'] });
  });

  test('gives nothing away without the password of a scan', async () => {
    const server = await serve();
    const access = server.openAccess({ use: SHARING });
    const socket = await connectTo(server);
    expect(await ask(socket, command('GET', 'k'), '\r\n')).toMatch(/^-NOAUTH/);
    expect(await ask(socket, command('SET', 'k', 'poison'), '\r\n')).toMatch(/^-NOAUTH/);
    expect(await ask(socket, command('AUTH', new URL(access.url).username, 'guess'), '\r\n')).toMatch(/^-WRONGPASS/);
    expect(await ask(socket, command('AUTH', 'nobody', 'guess'), '\r\n')).toMatch(/^-WRONGPASS/);
    expect(await ask(socket, `*1\r\n$${10 ** 6}\r\n`, '\r\n')).toBe('(closed)');
  });

  test('lets nobody in with the password of a scan that has ended', async () => {
    const server = await serve();
    const access = server.openAccess({ use: SHARING });
    const socket = await login(server, access);
    const closed = once(socket, 'close');
    access[Symbol.dispose]();
    await closed;
    const again = await connectTo(server);
    const { username, password } = new URL(access.url);
    expect(await ask(again, command('AUTH', username, password), '\r\n')).toMatch(/^-WRONGPASS/);
  });

  test('hangs up on what is not the protocol', async () => {
    const server = await serve();
    const socket = await connectTo(server);
    expect(await ask(socket, 'GET / HTTP/1.1\r\n\r\n', '\r\n')).toBe('(closed)');
  });

  test('serves a scan its own layers when the cache behind it can be neither written nor read', async () => {
    const broken = (): never => {
      throw new Error('disk full');
    };
    const server = await serve({ get: broken, has: broken, set: broken, delete: broken });
    const socket = await login(server, server.openAccess({ use: SHARING }));
    expect(await ask(socket, command('SET', 'fanal::blob::1', 'x'), '\r\n')).toBe('+OK\r\n');
    expect(await ask(socket, command('GET', 'fanal::blob::1'), 'x\r\n')).toBe('$1\r\nx\r\n');
    expect(await ask(socket, command('GET', 'fanal::blob::2'), '\r\n')).toBe('$-1\r\n');
  });

  test('serves a scan its own layers when the cache behind it keeps none, and no other scan', async () => {
    const server = await serve({ get: () => undefined, has: () => false, set: () => false, delete: () => 0 });
    const [writer, other] = [
      await login(server, server.openAccess({ use: SHARING })),
      await login(server, server.openAccess({ use: SHARING })),
    ];
    await ask(writer, command('SET', 'fanal::blob::1', 'x'), '\r\n');
    expect(await ask(writer, command('GET', 'fanal::blob::1'), 'x\r\n')).toBe('$1\r\nx\r\n');
    expect(await ask(other, command('GET', 'fanal::blob::1'), '\r\n')).toBe('$-1\r\n');
  });

  test('sends answers much larger than the network takes at once', async () => {
    const cache = new InMemoryBlobCache();
    cache.set('fanal::big', Buffer.alloc(8 * 1024 * 1024, 'b'));
    const server = await serve(cache);
    const socket = await login(server, server.openAccess({ use: SHARING }));
    const answer = await ask(socket, command('GET', 'fanal::big').repeat(4) + command('PING'), '+PONG\r\n');
    expect(answer.length).toBe(4 * (8 * 1024 * 1024 + '$8388608\r\n\r\n'.length) + '+PONG\r\n'.length);
  });

  test("gives a scan nothing to read, write or remove but what is Trivy's", async () => {
    const cache = new InMemoryBlobCache();
    cache.set('gts::layer', Buffer.from('ours'));
    const server = await serve(cache);
    const socket = await login(server, server.openAccess({ use: SHARING }));
    for (const words of [
      ['GET', 'gts::layer'],
      ['SET', 'gts::layer', 'poison'],
      ['EXISTS', 'fanal::blob::1', 'gts::layer'],
      ['DEL', 'fanal::blob::1', 'gts::layer'],
      ['UNLINK', 'gts::layer'],
    ])
      expect(await ask(socket, command(...words), '\r\n')).toMatch(/^-NOPERM/);
    expect(cache.get('gts::layer')?.toString()).toBe('ours');
  });

  test('hangs up after a second on who has not logged in, whatever he sends, and on nobody who has', async () => {
    const server = await serve();
    const scan = await login(server, server.openAccess({ use: SHARING }));
    const stranger = await connectTo(server);
    stranger.write('*1\r\n$1000\r\n');
    const drip = setInterval(() => stranger.write('x'), 100);
    onTestFinished(() => clearInterval(drip));
    const from = performance.now();
    await once(stranger, 'close');
    expect(performance.now() - from).toBeLessThan(3000);
    expect(await ask(scan, command('PING'), '\r\n')).toBe('+PONG\r\n');
  });

  test('lets a scan in and serves it however many others hold connections', async () => {
    const server = await serve();
    const scan = await login(server, server.openAccess({ use: SHARING }));
    const strangers = await Promise.all(Array.from({ length: 200 }, () => connectTo(server)));
    const other = await login(server, server.openAccess({ use: SHARING }));
    await Promise.all(Array.from({ length: 200 }, () => connectTo(server)));
    expect(strangers.filter(({ closed }) => closed).length).toBeGreaterThanOrEqual(168);
    for (const socket of [scan, other]) expect(await ask(socket, command('PING'), '\r\n')).toBe('+PONG\r\n');
  });

  test('gives more scans than that their connections at once', async () => {
    const server = await serve();
    const access = server.openAccess({ use: SHARING });
    const sockets = await Promise.all(Array.from({ length: 100 }, () => login(server, access)));
    for (const socket of sockets) expect(await ask(socket, command('PING'), '\r\n')).toBe('+PONG\r\n');
  });
});
