import type { Readable } from 'node:stream';

import { type Clock, systemClock } from '@scanner/core';
import { Agent, request } from 'undici';

import { type ChannelSender, failed, SENT } from '../outbox/channel-sender.ts';
import { guardedConnector } from './guarded-connector.ts';
import { SIGNATURE_HEADER, signWebhook } from './signature.ts';
import { webhookRefusal, webhookSilence } from './webhook-failure.ts';

export interface WebhookOptions {
  /** http or https; a user and a password in it are sent as basic authentication. */
  readonly url: string;
  /** Signs every request; see {@link signWebhook}. */
  readonly secret: string | null;
  /** Certificates to trust besides the usual ones, as PEM. */
  readonly trust?: string;
  /** Milliseconds that a request may take; 30000 unless told. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Loaded where it is needed: it takes long. */
const usualAuthorities = (): string[] => process.getBuiltinModule('node:tls').getCACertificates('default');

const TIMEOUT_MS = 30_000;
const MAX_ANSWER = 64 * 1024;

/**
 * Posts messages to one address. Redirects are not followed, addresses of the local link and of a cloud's metadata are
 * not called, and of an answer only its status counts.
 *
 * @example
 * await using webhook = createWebhookSender({ url: 'https://hooks.example.org/scanner', secret });
 */
export const createWebhookSender = (options: WebhookOptions): ChannelSender & AsyncDisposable => {
  const { clock = systemClock, timeoutMs = TIMEOUT_MS, trust } = options;
  const { address, authorization } = splitAddress(options.url);
  const agent = new Agent({
    connect: guardedConnector({
      timeout: timeoutMs,
      ...(trust !== undefined && { ca: [...usualAuthorities(), trust] }),
    }),
    pipelining: 0,
  });
  return {
    async send({ id, webhook: body }, _recipient, signal) {
      if (body === null) throw new TypeError('this message is not meant for a webhook');
      const seconds = Math.floor(clock.now().getTime() / 1000);
      try {
        const answer = await request(address, {
          method: 'POST',
          dispatcher: agent,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          headers: {
            'content-type': 'application/json',
            'user-agent': 'image-scanner',
            'x-scanner-message': id,
            ...(authorization !== null && { authorization }),
            ...(options.secret !== null && { [SIGNATURE_HEADER]: signWebhook(options.secret, seconds, body) }),
          },
          body,
        });
        await forget(answer.body);
        const succeeded = answer.statusCode >= 200 && answer.statusCode < 300;
        return succeeded ? SENT : failed(webhookRefusal(answer.statusCode, answer.headers['retry-after']));
      } catch (error) {
        signal.throwIfAborted();
        return failed(webhookSilence(error));
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
};

/** What the receiver says besides its status is nobody's business; a short answer leaves the connection in order. */
const forget = async (body: Readable): Promise<void> => {
  let length = 0;
  try {
    for await (const piece of body) {
      length += Buffer.byteLength(piece);
      if (length > MAX_ANSWER) break;
    }
  } catch {
    // The status came before it broke.
  }
};

const splitAddress = (url: string): { readonly address: URL; readonly authorization: string | null } => {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const account = `${decoded(username)}:${decoded(password)}`;
  return { address, authorization: account === ':' ? null : `Basic ${Buffer.from(account).toString('base64')}` };
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
