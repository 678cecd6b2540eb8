import type { ResponseCache } from '../cache/response-cache.ts';
import { DockerHubError } from '../docker-hub-error.ts';
import type { Timing } from '../timing.ts';
import { AccountSession, type DockerHubAccount } from './account-session.ts';
import type { HubRequests } from './hub-requests.ts';

export interface ConnectionOptions {
  /** With a slash at its end. */
  readonly baseUrl: URL;
  readonly requests: HubRequests;
  readonly account: DockerHubAccount | null;
  readonly cache: ResponseCache | null;
  readonly userAgent: string;
  readonly timing: Timing;
}

export interface AskOptions {
  /** Asks even where an answer is in the cache. */
  readonly refresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is asked for, and what of the answers may be believed for a day. */
export interface Wanted<Value> {
  readonly url: URL;
  /** Turns an answer's JSON into what is wanted; throws DockerHubError where it is something else. */
  readonly read: (body: unknown) => Value;
  /** Whether to keep an answer; null where Docker Hub has no such thing. */
  readonly isLasting: (value: Value | null) => boolean;
}

/** Gets answers: from the cache, else from Docker Hub, signed in where there is an account. */
export class DockerHubConnection {
  readonly #options: ConnectionOptions;
  readonly #session: AccountSession | null;
  #cached = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { account, requests, timing } = options;
    const login = new URL('v2/auth/token', options.baseUrl);
    this.#session =
      account === null
        ? null
        : new AccountSession(
            account,
            ({ headers, ...asked }, signal) =>
              requests.send(login, { ...asked, headers: { ...this.#headers(), ...headers } }, signal),
            timing,
          );
  }

  /** Answers that came from the cache so far. */
  get cached(): number {
    return this.#cached;
  }

  /**
   * Only whole answers that `read` takes are kept, and of these the lasting ones.
   *
   * @returns null where Docker Hub has no such thing
   * @throws DockerHubError, ScannerError `docker_hub_login_refused`, or the signal's reason
   */
  async get<Value>(wanted: Wanted<Value>, { refresh, signal }: AskOptions): Promise<Value | null> {
    const key = this.#cacheKey(wanted.url);
    const kept = refresh === true ? undefined : await this.#fromCache(key, wanted);
    if (kept !== undefined) return kept.value;
    const body = await this.#ask(wanted.url, signal);
    const value = body === null ? null : wanted.read(body);
    if (wanted.isLasting(value)) await this.#options.cache?.keep(key, body);
    return value;
  }

  async #fromCache<Value>(
    key: string,
    { read, isLasting }: Wanted<Value>,
  ): Promise<{ value: Value | null } | undefined> {
    const entry = await this.#options.cache?.find(key);
    if (entry === undefined) return undefined;
    try {
      const value = entry.body === null ? null : read(entry.body);
      if (!isLasting(value)) return undefined;
      this.#cached += 1;
      return { value };
    } catch (error) {
      if (DockerHubError.is(error)) return undefined;
      throw error;
    }
  }

  async #ask(url: URL, signal?: AbortSignal): Promise<unknown> {
    const session = this.#session;
    if (session === null) return this.#send(url, null, signal);
    const token = await session.token(signal);
    try {
      return await this.#send(url, token, signal);
    } catch (error) {
      if (!DockerHubError.is(error) || error.code !== 'unauthorized') throw error;
      session.forget(token);
      return this.#send(url, await session.token(signal), signal);
    }
  }

  #send(url: URL, token: string | null, signal?: AbortSignal): Promise<unknown> {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    return this.#options.requests.send(
      url,
      { method: 'GET', headers: { ...this.#headers(), ...authorization } },
      signal,
    );
  }

  #headers(): Record<string, string> {
    return {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': this.#options.userAgent,
    };
  }

  /** What one sees depends on who asks. */
  #cacheKey(url: URL): string {
    const normal = new URL(url);
    normal.searchParams.sort();
    const who = this.#options.account === null ? 'anonymous' : `account ${this.#options.account.identifier}`;
    return `GET ${normal.href} ${who}`;
  }
}
