import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { PlainAnswer } from './plain-answer.ts';

let directory: string;
let server: Server;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-plain-'));
});
afterEach(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

const ask = async (
  serve: (socket: Socket) => unknown,
  { signal = new AbortController().signal, silentMs = 10_000 } = {},
): Promise<PlainAnswer | null> => {
  const path = join(directory, 'd.sock');
  server = createServer((socket) => void socket.on('error', () => {}).once('data', () => void serve(socket)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return PlainAnswer.to({ address: { path }, path: '/x', signal, silentMs, silence: () => new Error('silence') });
};

const read = async (answer: PlainAnswer | null): Promise<string> => {
  let text = '';
  for await (const piece of answer ?? []) text += piece.toString('latin1');
  return text;
};

test('gives the body as it was sent, however its pieces and its head were cut', async () => {
  const body = Array.from({ length: 300_000 }, (_, index) => String(index)).join(' ');
  const answer = await ask(async (socket) => {
    socket.write('HTTP/1.0 200 O');
    await sleep(5);
    socket.write('K\r\nContent-Type: application/x-tar\r\n\r');
    await sleep(5);
    socket.end(`\n${body}`);
  });
  expect(answer?.status).toBe(200);
  expect(await read(answer)).toBe(body);
});

test('lets the sender wait while a piece is looked at, and overwrites none before the next is asked for', async () => {
  let sent = 0;
  const answer = await ask((socket) => {
    socket.write('HTTP/1.0 200 OK\r\n\r\n');
    const send = (): void => {
      for (let room = true; room && sent < 60; sent += 1) room = socket.write(Buffer.alloc(100_000, sent));
      if (sent < 60) socket.once('drain', send);
      else socket.end();
    };
    send();
  });
  const bytes: number[] = [];
  let sentMeanwhile = 0;
  for await (const piece of answer ?? []) {
    const before = Buffer.from(piece);
    if (bytes.length === 0) await sleep(100);
    sentMeanwhile ||= sent;
    expect(piece.equals(before)).toBe(true);
    bytes.push(...new Set(piece));
  }
  expect(sentMeanwhile).toBeLessThan(30);
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
  expect(new Set(bytes).size).toBe(60);
});

test.each([
  ['speaks something else', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['codes its body, unasked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n'],
  ['never ends its head', `HTTP/1.0 200 OK\r\n${'x: y\r\n'.repeat(50_000)}`],
  ['hangs up at once', ''],
])('knows no answer in what %s', async (_, said) => {
  expect(await ask((socket) => socket.end(said))).toBeNull();
});

test('ends in an error when the sender falls silent, or nobody wants it any more', async () => {
  const half = (socket: Socket): boolean => socket.write('HTTP/1.0 200 OK\r\n\r\nhalf');
  await expect(read(await ask(half, { silentMs: 50 }))).rejects.toThrow('silence');
  server.close();
  const abort = new AbortController();
  const unwanted = await ask(half, { signal: abort.signal });
  setTimeout(() => abort.abort(), 20);
  await expect(read(unwanted)).rejects.toMatchObject({ name: 'AbortError' });
});
