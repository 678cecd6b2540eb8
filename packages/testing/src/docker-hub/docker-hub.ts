import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { HubAccounts } from './accounts.ts';
import type { HubAccount } from './accounts.ts';
import type { HubRepository } from './content.ts';
import { write, writeFaulty } from './faults.ts';
import type { HubFault, HubFaultRule } from './faults.ts';
import { refusalOf, RequestCounter } from './request-limit.ts';
import type { RequestLimit } from './request-limit.ts';
import { HubRoutes } from './routes.ts';
import type { AskedFor } from './routes.ts';
import { HubShelf } from './shelf.ts';
import type { AnonymousDepth } from './shelf.ts';

export interface DockerHubOptions {
  readonly repositories?: readonly HubRepository[];
  readonly accounts?: readonly HubAccount[];
  /** How long a token holds; 600 s unless told. */
  readonly tokenLifetimeSeconds?: number;
  /** 180 requests a minute unless told; false for no limit and no headers that speak of one. */
  readonly limit?: Partial<RequestLimit> | false;
  /** Offsets from which on nobody may page without signing in: 100, 1000 and 200 unless told. */
  readonly anonymousDepth?: Partial<AnonymousDepth>;
  /** Dates and counts descend where no minus sign stands before their name, as on Docker Hub, unless told. */
  readonly direction?: 'inverted' | 'as_documented';
  /** Whether a path with a slash at its end is answered, or redirected to the one without. */
  readonly trailingSlash?: 'answered' | 'redirected';
  /** Time before each answer; none unless told. */
  readonly latencyMs?: number;
  /** Milliseconds since 1970; the system's time unless told. */
  readonly now?: () => number;
  /** A free one unless told. */
  readonly port?: number;
}

/** One request that came in, and how it was answered. */
export interface HubRequest {
  readonly method: string;
  /** With its query, as it was asked. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The account of its token, null without one. */
  readonly account: string | null;
  /** 0 where nothing was answered in full. */
  readonly status: number;
}

/** A server that answers as Docker Hub's API does. */
export interface DockerHub extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, in place of `https://hub.docker.com`. */
  readonly url: string;
  readonly requests: readonly HubRequest[];
  /** The highest number of requests that were under way at once. */
  readonly mostAtOnce: number;
  /** The names in each namespace. */
  contents(): ReadonlyMap<string, readonly string[]>;
  put(repository: HubRepository): void;
  remove(namespace: string, name: string): void;
  /** Lets the requests that fit the rule go wrong; rules that were given earlier go first. */
  fail(rule: HubFaultRule): void;
  /** Ends all faults. */
  recover(): void;
  /** From now on no token that was given out holds. */
  forgetSessions(): void;
  stop(): Promise<void>;
}

const DEPTH: AnonymousDepth = { repositories: 100, tags: 1000, search: 200 };
const LIMIT: RequestLimit = { perMinute: 180, refusal: 'seconds', headers: true };

/**
 * Starts a server on the loopback interface that behaves as Docker Hub's API was seen to: see the options and
 * {@link HubFault} for what can be made to go wrong.
 *
 * @example
 * await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx', tags: ['1.29', 'latest'] })] });
 */
export async function startDockerHub(options: DockerHubOptions = {}): Promise<DockerHub> {
  const hub = new HubServer(options);
  const server = createServer((request, response) => {
    hub.serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  hub.url = `http://127.0.0.1:${address.port}`;
  hub.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return hub;
}

class HubServer implements DockerHub {
  url = '';
  mostAtOnce = 0;
  readonly requests: HubRequest[] = [];
  stop: () => Promise<void> = () => Promise.resolve();
  readonly #options: DockerHubOptions;
  readonly #shelf: HubShelf;
  readonly #accounts: HubAccounts;
  readonly #routes: HubRoutes;
  readonly #limit: RequestLimit | null;
  readonly #counter: RequestCounter | null;
  readonly #now: () => number;
  #rules: { readonly rule: HubFaultRule; spared: number; left: number }[] = [];
  #underWay = 0;

  constructor(options: DockerHubOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#accounts = new HubAccounts(options.accounts ?? [], options.tokenLifetimeSeconds ?? 600);
    this.#limit = options.limit === false ? null : { ...LIMIT, ...options.limit };
    this.#counter = this.#limit === null ? null : new RequestCounter(this.#limit);
    this.#shelf = new HubShelf({
      direction: options.direction ?? 'inverted',
      anonymousDepth: { ...DEPTH, ...options.anonymousDepth },
    });
    for (const repository of options.repositories ?? []) this.#shelf.put(repository);
    this.#routes = new HubRoutes(this.#shelf, this.#accounts, options.trailingSlash ?? 'answered');
  }

  contents(): ReadonlyMap<string, readonly string[]> {
    return this.#shelf.contents();
  }

  put(repository: HubRepository): void {
    this.#shelf.put(repository);
  }

  remove(namespace: string, name: string): void {
    this.#shelf.remove(namespace, name);
  }

  fail(rule: HubFaultRule): void {
    this.#rules.push({ rule, spared: rule.after ?? 0, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  recover(): void {
    this.#rules = [];
  }

  forgetSessions(): void {
    this.#accounts.forgetSessions();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    const path = request.url ?? '/';
    const account = this.#accounts.accountOf(request.headers.authorization, this.#now());
    const method = request.method ?? 'GET';
    const entry = { method, path, headers: request.headers, account: account ?? null, status: 0 };
    this.requests.push(entry);
    response.once('close', () => {
      this.#underWay -= 1;
      if (response.writableFinished) entry.status = response.statusCode;
    });
    const body = await bodyOf(request);
    if (this.#options.latencyMs !== undefined) await sleep(this.#options.latencyMs);
    await this.#answerOrFail(new URL(path, this.url), { method, account, body, now: this.#now() }, response);
  }

  async #answerOrFail(url: URL, asked: AskedFor, response: ServerResponse): Promise<void> {
    const { now } = asked;
    const verdict = this.#counter?.count(now);
    for (const [name, value] of Object.entries(verdict?.headers ?? {})) response.setHeader(name, value);
    response.setHeader('date', new Date(now).toUTCString());
    const fault = this.#faultFor(url);
    if (fault?.kind === 'refused') {
      const reset = Math.ceil(now / 1000) + fault.seconds;
      return write(refusalOf(fault.refusal, reset, now), response);
    }
    if (verdict !== undefined && !verdict.allowed) {
      return write(refusalOf(this.#limit?.refusal ?? 'seconds', verdict.reset, now), response);
    }
    if (fault?.kind === 'same_page') return write(this.#routes.samePage(url, asked), response);
    const answer = this.#routes.answer(url, asked);
    return fault === undefined ? write(answer, response) : writeFaulty(fault, answer, url, response);
  }

  #faultFor({ pathname, search }: URL): HubFault | undefined {
    const entry = this.#rules.find(({ rule, left }) => left > 0 && rule.path.test(pathname + search));
    if (entry === undefined) return undefined;
    if (entry.spared > 0) {
      entry.spared -= 1;
      return undefined;
    }
    entry.left -= 1;
    return entry.rule.fault;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  if (pieces.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(pieces).toString());
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
