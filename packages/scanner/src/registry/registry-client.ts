import type { Readable } from 'node:stream';
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

export const DEFAULT_DEADLINES: RegistryDeadlines = { request: 15_000, whole: 60_000 };

export interface RegistryRequest {
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of `url` only, whoever redirects where. */
  readonly authorization: string | null;
  readonly body?: string;
  /** How often to ask where a failure may have passed; three times unless told. */
  readonly attempts?: number;
}

interface AnswerHead {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** The answer is that of another origin than was asked. */
interface Followed {
  readonly elsewhere: boolean;
}

type ReadAnswer = AnswerHead & { readonly body: Buffer };
type OpenAnswer = AnswerHead & { readonly stream: Readable };

export type RegistryAnswer = ReadAnswer & Followed;
/** What was granted, still to be read: to its end, or destroyed. */
export type RegistryStream = OpenAnswer & Followed;

/** A server answered with what no registry may answer. */
export class UnusableAnswer extends Error {}

/** No manifest may be larger, by the distribution specification's advice. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;
const MAX_REDIRECTS = 5;
/** A stream that stands still for longer breaks off. */
const IDLE_MS = 60_000;

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
  ask(asked: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer> {
    return this.#insist(asked, signal, async (step) => {
      const within = AbortSignal.any([signal, AbortSignal.timeout(this.#deadlines.request)]);
      const answer = await this.#send(step, within);
      return { status: answer.statusCode, headers: answer.headers, body: await readBody(answer) };
    });
  }

  /**
   * As `ask`, but a success is left to be read, for as long as it goes on. The signal ends that too.
   *
   * @throws as `ask` does
   */
  open(asked: RegistryRequest, signal: AbortSignal): Promise<RegistryAnswer | RegistryStream> {
    return this.#insist(asked, signal, async (step): Promise<ReadAnswer | OpenAnswer> => {
      const answer = await this.#send(step, signal, { headersTimeout: this.#deadlines.request, bodyTimeout: IDLE_MS });
      const head = { status: answer.statusCode, headers: answer.headers };
      return head.status === 200 ? { ...head, stream: answer.body } : { ...head, body: await readBody(answer) };
    });
  }

  async #insist<Answer extends AnswerHead>(
    asked: RegistryRequest,
    signal: AbortSignal,
    send: (step: RegistryRequest) => Promise<Answer>,
  ): Promise<Answer & Followed> {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === (asked.attempts ?? ATTEMPTS);
      const answer = await follow(asked, send).catch((error: unknown) => {
        if (isLast || signal.aborted || !isPassing(error)) throw error;
        return null;
      });
      const pause = answer === null ? pauseAfter(attempt, null) : wantedPause(answer, attempt);
      if (answer !== null && (isLast || pause === null)) return answer;
      await sleep(pause ?? 0, undefined, { signal });
    }
  }

  #send(
    { method, url, headers, authorization, body }: RegistryRequest,
    signal: AbortSignal,
    timeouts: Pick<Dispatcher.RequestOptions, 'headersTimeout' | 'bodyTimeout'> = {},
  ): Promise<Dispatcher.ResponseData> {
    return request(url, {
      method,
      // Else undici gives up the connection after every HEAD.
      reset: false,
      headers: { 'user-agent': 'gts', ...headers, ...(authorization !== null && { authorization }) },
      body: body ?? null,
      signal,
      ...timeouts,
      ...(this.#dispatcher !== undefined && { dispatcher: this.#dispatcher }),
    });
  }
}

const follow = async <Answer extends AnswerHead>(
  asked: RegistryRequest,
  send: (step: RegistryRequest) => Promise<Answer>,
): Promise<Answer & Followed> => {
  let { url, authorization } = asked;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await send({ ...asked, url, authorization });
    const location = headerOf(answer.headers, 'location');
    // What is posted is a secret that is meant for one address.
    if (!isRedirect(answer.status) || location === null || asked.method === 'POST')
      return { ...answer, elsewhere: url.origin !== asked.url.origin };
    const next = nextAddress(url, location);
    if (next.origin !== url.origin) authorization = null;
    url = next;
  }
  throw new UnusableAnswer(`redirects more than ${MAX_REDIRECTS} times`);
};

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
const wantedPause = ({ status, headers }: AnswerHead, attempt: number): number | null => {
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
