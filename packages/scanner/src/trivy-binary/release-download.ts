import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { networkFailureOf, ScannerError } from '@scanner/core';
import { type Dispatcher, request } from 'undici';

const MAX_REDIRECTS = 5;

/** Milliseconds. */
export interface DownloadDeadlines {
  /** Until an answer begins; short, so that a machine without a way out is told soon. */
  readonly answer: number;
  /** Between two pieces of a body. */
  readonly stall: number;
  /** For one file as a whole. */
  readonly whole: number;
}

export const DEFAULT_DEADLINES: DownloadDeadlines = { answer: 15_000, stall: 30_000, whole: 20 * 60_000 };

export interface DownloadOptions {
  readonly maxBytes: number;
  readonly deadlines: DownloadDeadlines;
  readonly dispatcher?: Dispatcher | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((receivedBytes: number, totalBytes: number | null) => void) | undefined;
}

/** A server answered, and not with the file. */
export class HttpStatusError extends Error {
  readonly status: number;

  constructor(url: URL, status: number) {
    super(`${url.host} answered ${status} for ${url.pathname}`);
    this.status = status;
  }
}

/**
 * Downloads a small file into memory.
 *
 * @throws HttpStatusError, or ScannerError `trivy_unreachable` or `trivy_unverified` when it is larger than allowed
 */
export const downloadBytes = async (url: URL, options: DownloadOptions): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  await download(url, options, async (pieces) => {
    for await (const piece of pieces) chunks.push(piece);
  });
  return Buffer.concat(chunks);
};

/**
 * Downloads into a new file.
 *
 * @returns the file's SHA-256 in hexadecimal
 * @throws HttpStatusError, or ScannerError `trivy_unreachable` or `trivy_unverified` when it is larger than allowed
 */
export const downloadFile = async (url: URL, path: string, options: DownloadOptions): Promise<string> => {
  const hash = createHash('sha256');
  await download(url, options, (pieces) =>
    pipeline(
      pieces,
      async function* hashed(source: AsyncIterable<Uint8Array>) {
        for await (const piece of source) {
          hash.update(piece);
          yield piece;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    ),
  );
  return hash.digest('hex');
};

const download = async (
  url: URL,
  options: DownloadOptions,
  consume: (pieces: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> => {
  const whole = AbortSignal.timeout(options.deadlines.whole);
  const signal = options.signal === undefined ? whole : AbortSignal.any([options.signal, whole]);
  try {
    const { body, totalBytes } = await open(url, { ...options, signal });
    await consume(bounded(body, url, totalBytes, options));
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (ScannerError.is(cause) || cause instanceof HttpStatusError || isSystemError(cause)) throw cause;
    throw unreachable(url, cause);
  }
};

const open = async (
  start: URL,
  { dispatcher, deadlines, signal }: DownloadOptions & { readonly signal: AbortSignal },
): Promise<{ readonly body: Readable; readonly totalBytes: number | null }> => {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const { statusCode, headers, body } = await withinAnswerDeadline(deadlines.answer, signal, (bothSignals) =>
      request(url, {
        ...(dispatcher === undefined ? {} : { dispatcher }),
        signal: bothSignals,
        headersTimeout: deadlines.answer,
        bodyTimeout: deadlines.stall,
        headers: { 'user-agent': 'gts', accept: '*/*' },
      }),
    );
    if (statusCode === 200) return { body, totalBytes: readLength(headers['content-length']) };
    body.destroy();
    body.on('error', () => {});
    const location = headers['location'];
    if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') {
      throw new HttpStatusError(url, statusCode);
    }
    url = follow(url, location);
  }
  throw new Error(`redirected more than ${MAX_REDIRECTS} times`);
};

/** Connecting has no deadline of its own in a dispatcher that was handed in. */
const withinAnswerDeadline = async <Answer>(
  milliseconds: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  try {
    return await ask(AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
};

const follow = (from: URL, location: string): URL => {
  const to = new URL(location, from);
  if (to.protocol === 'https:' || (isPlainLoopback(to) && isPlainLoopback(from))) return to;
  throw new Error(`redirected to ${to.protocol}//${to.host}, which is not https`);
};

/** Whether a release may be fetched from there: https, or plain http that stays on this machine. */
export const isTrustworthyOrigin = (url: URL): boolean => url.protocol === 'https:' || isPlainLoopback(url);

const isPlainLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/v.test(hostname));

const bounded = async function* (
  body: Readable,
  url: URL,
  totalBytes: number | null,
  { maxBytes, onProgress }: DownloadOptions,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    received += piece.length;
    if (received > maxBytes) {
      throw new ScannerError(`${url.host} sends more than ${maxBytes} bytes for ${url.pathname}`, {
        code: 'trivy_unverified',
        hint: 'this cannot be the release; check the releases URL',
      });
    }
    onProgress?.(received, totalBytes);
    yield piece;
  }
};

const readLength = (header: string | string[] | undefined): number | null =>
  typeof header === 'string' && /^\d{1,15}$/v.test(header) ? Number(header) : null;

/** Writing failed, not reading. */
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && (error.syscall === 'write' || error.syscall === 'open');

const unreachable = (url: URL, cause: unknown): ScannerError =>
  new ScannerError(`${url.origin} does not deliver ${url.pathname}: ${reason(cause, url)}`, {
    code: 'trivy_unreachable',
    hint:
      networkFailureOf(cause, url.host).advice ??
      'check the network and proxy settings, or name another place for releases',
    cause,
  });

const reason = (error: unknown, { host }: URL): string => {
  const { kind, message } = networkFailureOf(error, host);
  if (kind !== 'other') return message;
  return error instanceof Error ? error.message || error.name : String(error);
};
