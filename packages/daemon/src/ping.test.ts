import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getGlobalDispatcher } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';

import { ping } from './ping.ts';

const { signal } = new AbortController();

/** Answers one status after the other, the last one for ever. */
const watchdog = async (...statuses: readonly number[]): Promise<{ url: string; asked: () => number }> => {
  let asked = 0;
  const server = createServer((_, answer) => {
    answer.writeHead(statuses[Math.min(asked, statuses.length - 1)] ?? 200).end('thanks');
    asked += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`, asked: () => asked };
};

const told = (url: string) => ping(url, { dispatcher: getGlobalDispatcher(), signal, pauseMs: 10 });

describe('a watchdog', () => {
  it('is told once when it answers', async () => {
    const { url, asked } = await watchdog(204);
    expect(await told(url)).toBeNull();
    expect(asked()).toBe(1);
  });

  it('is told again when it did not take it', async () => {
    const { url, asked } = await watchdog(503, 200);
    expect(await told(url)).toBeNull();
    expect(asked()).toBe(2);
  });

  it('that takes nothing is given up after three times, and what is said of it names no address', async () => {
    const { url, asked } = await watchdog(404);
    expect(await told(url)).toBe('it answered 404');
    expect(asked()).toBe(3);
    expect(await told('http://127.0.0.1:1/secret')).toBe('ECONNREFUSED');
  });
});
