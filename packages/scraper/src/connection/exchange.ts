import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

import { networkFailureOf } from '@scanner/core';
import { type Dispatcher, request } from 'undici';

import { DockerHubError } from '../docker-hub-error.ts';
import type { AnswerHeaders } from './retry-after.ts';

const MAX_REDIRECTS = 5;

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  /** Milliseconds for one request as a whole, redirects and body included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that came in whole. */
export interface Exchange {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/**
 * Asks once and reads the whole answer. Redirects are followed within the same origin only, so that credentials stay
 * where they belong.
 *
 * @throws DockerHubError `network`, `timeout`, `too_large` or `bad_address`, or the signal's reason
 */
export const exchange = async (url: URL, asked: ExchangeRequest, options: ExchangeOptions): Promise<Exchange> => {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  try {
    return await follow(url, asked, { ...options, signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (DockerHubError.is(error)) throw error;
    throw deadline.aborted
      ? new DockerHubError(`${url.host} did not answer within ${options.timeoutMs / 1000} s`, {
          code: 'timeout',
          cause: error,
        })
      : connectionError(error, url);
  }
};

const connectionError = (error: unknown, { host }: URL): DockerHubError => {
  const { message, advice, mayPass } = networkFailureOf(error, host);
  return new DockerHubError(message, {
    code: isTimeout(error) ? 'timeout' : 'network',
    transient: mayPass,
    advice,
    cause: error,
  });
};

const follow = async (start: URL, asked: ExchangeRequest, options: ExchangeOptions): Promise<Exchange> => {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const { dispatcher, signal } = options;
    const { statusCode, headers, body } = await request(url, {
      dispatcher,
      method: asked.method,
      headers: asked.headers,
      ...(asked.body === undefined ? {} : { body: asked.body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const location = headers['location'];
    if (statusCode < 300 || statusCode > 399 || typeof location !== 'string' || asked.method !== 'GET') {
      return { status: statusCode, headers, body: await readWhole(body, url, headers, options.maxBytes) };
    }
    discard(body);
    url = redirectTarget(url, location);
  }
  throw new DockerHubError(`${start.host} redirects more than ${MAX_REDIRECTS} times`, { code: 'bad_address' });
};

const redirectTarget = (from: URL, location: string): URL => {
  const target = URL.parse(location, from.href);
  if (target !== null && target.origin === from.origin) return target;
  throw new DockerHubError(`${from.host} redirects to another host, which is not followed`, { code: 'bad_address' });
};

const readWhole = async (body: Readable, url: URL, headers: AnswerHeaders, maxBytes: number): Promise<Buffer> => {
  const tooLarge = (): DockerHubError =>
    new DockerHubError(`${url.host} sends more than ${maxBytes} bytes for ${url.pathname}`, { code: 'too_large' });
  if (Number(headers['content-length']) > maxBytes) {
    discard(body);
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let received = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    received += piece.length;
    if (received > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return inflated(Buffer.concat(pieces), url, headers, maxBytes);
};

const INFLATERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** Nobody asks for compressed answers, and some proxies send them. */
const inflated = async (body: Buffer, url: URL, headers: AnswerHeaders, maxBytes: number): Promise<Buffer> => {
  const encoding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
  if (!isInflatable(encoding)) return body;
  try {
    return await INFLATERS[encoding](body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw codeOf(error) === 'ERR_BUFFER_TOO_LARGE'
      ? new DockerHubError(`${url.host} sends more than ${maxBytes} bytes for ${url.pathname}`, { code: 'too_large' })
      : new DockerHubError(`${url.host} answered ${url.pathname} with ${encoding} that cannot be inflated`, {
          code: 'bad_answer',
        });
  }
};

const isInflatable = (encoding: string): encoding is keyof typeof INFLATERS => Object.hasOwn(INFLATERS, encoding);

const discard = (body: Readable): void => {
  body.on('error', () => {});
  body.destroy();
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const isTimeout = (error: unknown): boolean => codeOf(error)?.endsWith('_TIMEOUT') ?? false;
