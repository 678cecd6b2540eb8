import { setTimeout as sleep } from 'node:timers/promises';

import { request } from 'undici';
import type { Dispatcher } from 'undici';

import { headerOf } from './answer-headers.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { isSafeNext } from './registry-address.ts';

/** Milliseconds. */
export interface RegistryDeadlines {
  /** For one request, its answer read to the end. */
  readonly request: number;
  /** For one image at one registry or mirror: tokens, redirects and repetitions included. */
  readonly whole: number;
}

export interface RegistryRequest {
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` only, whoever redirects where. */
  readonly authorization: string | null;
  readonly body?: string;
}

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
  /** The answer is that of another origin than was asked. */
  readonly elsewhere: boolean;
}

/** A server answered with what no registry may answer. */
export class UnusableAnswer extends Error {}

/** No manifest may be larger, by the distribution specification's advice. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;
const MAX_REDIRECTS = 5;

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;

const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);
const PASSING_ERRORS: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

/** Asks registries and their token servers over HTTP: bounded in time and size, again where a failure may have passed. */
export class RegistryClient {
  readonly #dispatcher: Dispatcher | undefined;
  readonly #deadlines: RegistryDeadlines;

  constructor(deadlines: RegistryDeadlines, dispatcher?: Dispatcher) {
    this.#deadlines = deadlines;
    this.#dispatcher = dispatcher;
  }

  /**
   * The answer after redirects, whatever its status.
   *
   * @throws UnusableAnswer; the signal's reason; what undici throws where the network fails
   */
  async ask(asked: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === ATTEMPTS;
      const answer = await this.#follow(asked, signal).catch((error: unknown) => {
        if (isLast || signal.aborted || !isPassing(error)) throw error;
        return null;
      });
      const pause = answer === null ? pauseAfter(attempt, null) : wantedPause(answer, attempt);
      if (answer !== null && (isLast || pause === null)) return answer;
      await sleep(pause ?? 0, undefined, { signal });
    }
  }

  async #follow(asked: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    let { url, authorization } = asked;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await this.#send({ ...asked, url, authorization }, signal);
      const location = headerOf(answer.headers, 'location');
      // What is posted is a secret that is meant for one address.
      if (!isRedirect(answer.status) || location === null || asked.method === 'POST')
        return { ...answer, elsewhere: url.origin !== asked.url.origin };
      const next = nextAddress(url, location);
      if (next.origin !== url.origin) authorization = null;
      url = next;
    }
    throw new UnusableAnswer(`redirects more than ${MAX_REDIRECTS} times`);
  }

  async #send(
    { method, url, headers, authorization, body }: RegistryRequest,
    signal: AbortSignal,
  ): Promise<Omit<RegistryAnswer, 'elsewhere'>> {
    const answer = await request(url, {
      method,
      headers: { 'user-agent': 'gts', ...headers, ...(authorization !== null && { authorization }) },
      body: body ?? null,
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#deadlines.request)]),
      ...(this.#dispatcher !== undefined && { dispatcher: this.#dispatcher }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer) };
  }
}

/** Of a refusal, its beginning will do. */
const readBody = async ({ statusCode, body }: Dispatcher.ResponseData): Promise<Buffer> => {
  const isRefusal = statusCode >= 300;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > (isRefusal ? MAX_REFUSAL_BYTES : MAX_BODY_BYTES)) break;
    pieces.push(piece);
  }
  if (size > MAX_BODY_BYTES && !isRefusal) throw new UnusableAnswer(`sends more than ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(pieces);
};

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

const nextAddress = (from: URL, location: string): URL => {
  const next = URL.parse(location, from.href);
  if (next !== null && isSafeNext(next, from)) return next;
  throw new UnusableAnswer('redirects to an address that is not safe to ask');
};

const isPassing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && PASSING_ERRORS.has(error.code);

/** Null where asking again is of no use, or must wait longer than one image is worth. */
const wantedPause = ({ status, headers }: RegistryAnswer, attempt: number): number | null => {
  if (!PASSING_STATUSES.has(status)) return null;
  const seconds = headerOf(headers, 'retry-after');
  return pauseAfter(attempt, seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : null);
};

/** Grows with each attempt, and differs, so that many who failed together do not come back together. */
const pauseAfter = (attempt: number, wanted: number | null): number | null => {
  const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  if (wanted === null) return pause;
  return wanted > LONGEST_PAUSE_MS ? null : Math.max(wanted, pause);
};
