import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

import { afterEach, describe, expect, it } from 'vitest';

import { aMessage } from '../testing/messages.ts';
import { isForbiddenAddress } from './forbidden-addresses.ts';
import { verifyWebhook } from './signature.ts';
import { createWebhookSender } from './webhook-sender.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Call {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers as told, and what it was called with. */
const aReceiver = async (answer: RequestListener) => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      calls.push({ method: request.method, headers: request.headers, body });
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { calls, url: `http://127.0.0.1:${port}/hook?token=s3cret` };
};

const message = aMessage('m1', { webhook: '{"id":"m1","text":"Grüße"}' });

const send = async (
  url: string,
  { secret = null, ...options }: { secret?: string | null; timeoutMs?: number } = {},
) => {
  await using sender = createWebhookSender({ url, secret, ...options });
  return await sender.send(message, 'webhook', AbortSignal.timeout(10_000));
};

const failure = (again: string, reason: string) => ({
  outcome: 'failed',
  failure: expect.objectContaining({ again, reason: expect.stringContaining(reason) }),
});

describe('a webhook', () => {
  it('gets the frozen body, signed', async () => {
    const { calls, url } = await aReceiver((_, response) => response.writeHead(204).end());
    expect(await send(url, { secret: 'key' })).toEqual({ outcome: 'sent' });
    const [{ method, headers, body }] = calls as [Call];
    expect({ method, body, type: headers['content-type'], id: headers['x-scanner-message'] }).toEqual({
      method: 'POST',
      body: message.webhook,
      type: 'application/json',
      id: 'm1',
    });
    const signature = String(headers['x-scanner-signature']);
    expect(verifyWebhook('key', { signature, body, now: Date.now() / 1000 })).toBe(true);
  });

  it('gets no signature without a key, and the account of its address', async () => {
    const { calls, url } = await aReceiver((_, response) => response.end());
    await send(url.replace('http://', 'http://user:p%40ss@'));
    expect(calls[0]?.headers['x-scanner-signature']).toBeUndefined();
    expect(calls[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('is not followed where it redirects to', async () => {
    const elsewhere = await aReceiver((_, response) => response.end());
    const { url } = await aReceiver((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await send(url)).toEqual(failure('held', '307: redirects are not followed'));
    expect(elsewhere.calls).toEqual([]);
  });

  it('that is slow is left after a while', async () => {
    const { url } = await aReceiver(() => {});
    expect(await send(url, { timeoutMs: 100 })).toEqual(failure('soon', 'does not answer (timeout)'));
  });

  it('that says yes and then talks for ever has said yes', async () => {
    const { url } = await aReceiver((_, response) => {
      response.writeHead(200);
      const talk = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', talk);
      };
      talk();
    });
    expect(await send(url)).toEqual({ outcome: 'sent' });
  });

  it('that says yes and then falls silent has said yes', async () => {
    const { url } = await aReceiver((_, response) => void response.writeHead(200).write('…'));
    expect(await send(url, { timeoutMs: 300 })).toEqual({ outcome: 'sent' });
  });

  it.each([
    [400, 'never'],
    [401, 'held'],
    [404, 'held'],
    [408, 'soon'],
    [413, 'never'],
    [429, 'soon'],
    [500, 'soon'],
    [503, 'soon'],
  ])('that answers %i is tried again: %s', async (status, again) => {
    const { url } = await aReceiver((_, response) => response.writeHead(status).end('s3cret of the server'));
    const outcome = await send(url);
    expect(outcome).toEqual(failure(again, String(status)));
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
  });

  it('may ask to be left alone for up to an hour', async () => {
    const { url } = await aReceiver((_, response) => response.writeHead(429, { 'retry-after': '86400' }).end());
    expect(await send(url)).toMatchObject({ failure: { retryAfterMs: 3_600_000 } });
  });

  it('where nobody listens is tried again, without showing its address', async () => {
    const { url } = await aReceiver(() => {});
    for (const server of servers.splice(0)) server.close();
    const outcome = await send(url);
    expect(outcome).toEqual(failure('soon', 'ECONNREFUSED'));
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
  });
});

describe('addresses', () => {
  it.each([
    'http://169.254.169.254/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
  ])('of the local link are not called, however they are written: %s', async (url) => {
    expect(await send(url)).toEqual(failure('held', 'the webhook was not called'));
  });

  it.each([
    ['169.254.0.1', true],
    ['::ffff:a9fe:a9fe', true],
    ['64:ff9b::a9fe:a9fe', true],
    ['fd00:ec2::254', true],
    ['100.100.100.200', true],
    ['no address', true],
    ['127.0.0.1', false],
    ['192.168.1.10', false],
    ['10.0.0.1', false],
    ['fd12:3456::1', false],
    ['93.184.216.34', false],
  ])('such as %s are forbidden: %s', (address, forbidden) => {
    expect(isForbiddenAddress(address)).toBe(forbidden);
  });
});
