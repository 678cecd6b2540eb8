import { type Log, silentLog } from '@scanner/core';
import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';

import type { ResponseCache } from './cache/response-cache.ts';
import type { DockerHubAccount } from './connection/account-session.ts';
import { DOCKER_HUB, readBaseUrl } from './connection/base-url.ts';
import { type AskOptions, DockerHubConnection } from './connection/docker-hub-connection.ts';
import { HubRequests } from './connection/hub-requests.ts';
import { DockerHubError } from './docker-hub-error.ts';
import { directionOf, highestFirst, timeOf } from './listing/ordering.ts';
import { readFirstPage, readPage, readRow } from './listing/read-page.ts';
import { type Listing, type Page, walkPages, type WalkLimits } from './listing/walk-pages.ts';
import { RepositoryRow, TagRow } from './schema.ts';
import { pushTimeOf } from './tags/tag-details.ts';
import { systemTiming, type Timing } from './timing.ts';

const LARGEST_PAGE = 100;
/** Its second page still begins within the first 100 rows, which is how far one sees without signing in. */
const ANONYMOUS_PAGE = 99;
const FURTHER_TAG_PAGES = 4;

export interface DockerHubClientOptions {
  /** `https://hub.docker.com` unless told. */
  readonly baseUrl?: string;
  /** Who signs in; without it one sees the first 198 repositories of a namespace at most. */
  readonly account?: DockerHubAccount;
  /** Where answers are kept; nowhere unless told. See `openResponseCache`. */
  readonly cache?: ResponseCache;
  readonly userAgent?: string;
  /** Requests at once; 8 unless told. */
  readonly maxAtOnce?: number;
  /** Further attempts after a failing that may pass; 5 unless told. */
  readonly retries?: number;
  /** Milliseconds for one answer as a whole; 60 s unless told. */
  readonly timeoutMs?: number;
  /** Milliseconds that Docker Hub may make us wait at once; 300 s unless told. */
  readonly maxWaitMs?: number;
  /** Bytes of one answer; 16 MiB unless told. */
  readonly maxBytes?: number;
  /** Carries the requests, through a proxy for example. A pool of its own unless told. */
  readonly dispatcher?: Dispatcher;
  readonly log?: Log;
  readonly timing?: Timing;
}

export interface ListRepositoriesOptions extends AskOptions {
  readonly maxRepositories: number;
}

export interface ListTagsOptions extends AskOptions {
  readonly limit: number;
  /** Whether a tag is of use; without any among the newest, a few further pages are looked at. */
  readonly isUseful?: (tag: TagRow) => boolean;
  /** Whether a repository without tags may be believed for a day: nobody pushed to it yet. */
  readonly mayBeEmpty?: boolean;
}

/**
 * Docker Hub's API as far as the catalogue needs it. Keeps within the limits that Docker Hub speaks of, repeats what
 * failed in passing, and takes nothing that it answers on trust. All calls of one client share these limits.
 *
 * @example
 * await using client = new DockerHubClient({ cache: openResponseCache('data/cache/docker-hub') });
 * const { rows, cut } = await client.listRepositories('library', { maxRepositories: 10_000 });
 */
export class DockerHubClient implements AsyncDisposable {
  readonly #baseUrl: URL;
  readonly #isSignedIn: boolean;
  readonly #requests: HubRequests;
  readonly #connection: DockerHubConnection;
  readonly #ownPool: Agent | null;

  /** @throws ScannerError `setting_invalid` for an address that is none, or that would carry a secret unprotected */
  constructor(options: DockerHubClientOptions = {}) {
    const { account = null, cache = null, log = silentLog, timing = systemTiming, maxAtOnce = 8 } = options;
    this.#baseUrl = readBaseUrl(options.baseUrl ?? DOCKER_HUB, account !== null);
    this.#isSignedIn = account !== null;
    this.#ownPool = options.dispatcher === undefined ? new Agent({ connections: maxAtOnce }) : null;
    this.#requests = new HubRequests({
      dispatcher: options.dispatcher ?? this.#ownPool ?? new Agent(),
      timing,
      log,
      maxAtOnce,
      maxWaitMs: options.maxWaitMs ?? 300_000,
      retries: options.retries ?? 5,
      timeoutMs: options.timeoutMs ?? 60_000,
      maxBytes: options.maxBytes ?? 16 * 1024 ** 2,
    });
    this.#connection = new DockerHubConnection({
      baseUrl: this.#baseUrl,
      requests: this.#requests,
      account,
      cache,
      userAgent: options.userAgent ?? 'gts (catalogue of container images)',
      timing,
    });
  }

  /** Requests that went out, and answers that came from the cache instead, so far. */
  get traffic(): { readonly requests: number; readonly cached: number } {
    return { requests: this.#requests.sent, cached: this.#connection.cached };
  }

  /**
   * The repositories of a namespace, the most pulled first.
   * @throws DockerHubError (`not_found` where there is no such namespace), ScannerError `docker_hub_login_refused`, or
   *   the signal's reason
   */
  async listRepositories(
    namespace: string,
    { maxRepositories, ...asking }: ListRepositoriesOptions,
  ): Promise<Listing<RepositoryRow>> {
    const pageSize = this.#isSignedIn ? LARGEST_PAGE : ANONYMOUS_PAGE;
    const listing = await this.#list(
      this.#url(['namespaces', namespace, 'repositories'], { page_size: pageSize }),
      {
        what: `namespace ${namespace}`,
        row: RepositoryRow,
        ordering: 'pull_count',
        valueOf: pullsOf,
        maxPages: Math.ceil(maxRepositories / pageSize) + 1,
        enough: (rows) => rows.length >= maxRepositories,
      },
      asking,
    );
    return { ...listing, rows: highestFirst(listing.rows, pullsOf).slice(0, maxRepositories) };
  }

  /**
   * The newest tags of a repository, the last pushed first: `limit`, and those that came on the same page, which is as
   * large as pages are: it costs the same request.
   * @throws as {@link listRepositories}
   */
  async listTags(
    namespace: string,
    name: string,
    { limit, isUseful = () => true, mayBeEmpty = false, ...asking }: ListTagsOptions,
  ): Promise<Listing<TagRow>> {
    const listing = await this.#list(
      this.#url(['namespaces', namespace, 'repositories', name, 'tags'], { page_size: LARGEST_PAGE }),
      {
        what: `repository ${namespace}/${name}`,
        row: TagRow,
        ordering: 'last_updated',
        valueOf: ({ last_updated: date }) => timeOf(date),
        mayBeEmpty,
        maxPages: Math.ceil(limit / LARGEST_PAGE) + FURTHER_TAG_PAGES,
        enough: (rows) => rows.length >= limit && rows.some(isUseful),
      },
      asking,
    );
    return { ...listing, rows: highestFirst(listing.rows, pushTimeOf) };
  }

  /**
   * One tag, null where there is none of that name.
   * @throws as {@link listRepositories}, except `not_found`
   */
  findTag(namespace: string, name: string, tag: string, asking: AskOptions = {}): Promise<TagRow | null> {
    const url = this.#url(['namespaces', namespace, 'repositories', name, 'tags', tag]);
    return this.#connection.get({ url, read: readRow(TagRow), isLasting: () => true }, asking);
  }

  /** Closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ownPool?.destroy();
  }

  /** The order is looked at on the first page: Docker Hub does the opposite of what it documents. */
  async #list<Row extends { readonly name: string }>(
    base: URL,
    order: ListOrder<Row>,
    asking: AskOptions,
  ): Promise<Listing<Row>> {
    const first = async (ordering: string): Promise<{ url: URL; page: Page<Row> }> => {
      const url = new URL(base);
      url.searchParams.set('ordering', ordering);
      const read = readFirstPage(order.row);
      const isLasting = (page: Page<Row> | null): boolean =>
        hasRows(page) || (page !== null && order.mayBeEmpty === true);
      const page = await this.#connection.get({ url, read, isLasting }, asking);
      if (page !== null) return { url, page };
      throw new DockerHubError(`Docker Hub has no ${order.what}, or does not show it`, { code: 'not_found' });
    };
    const fetchPage = (url: URL): Promise<Page<Row> | null> =>
      this.#connection.get({ url, read: readPage(order.row), isLasting: hasRows }, asking);
    const start = await first(order.ordering);
    const isWrongEnd = start.page.next !== null && directionOf(start.page.rows.map(order.valueOf)) === 'ascending';
    return walkPages(isWrongEnd ? await first(`-${order.ordering}`) : start, fetchPage, order);
  }

  #url(segments: readonly string[], query: Readonly<Record<string, number>> = {}): URL {
    const url = new URL(`v2/${segments.map(encodeURIComponent).join('/')}`, this.#baseUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url;
  }
}

interface ListOrder<Row> extends WalkLimits<Row> {
  /** For messages. */
  readonly what: string;
  readonly row: z.ZodType<Row>;
  /** The parameter that lists the highest values first. */
  readonly ordering: string;
  readonly valueOf: (row: Row) => number | null;
  readonly mayBeEmpty?: boolean;
}

/** That a list is missing or empty may pass: Docker Hub says so at times of lists that are there. */
const hasRows = (page: Page<unknown> | null): boolean => page !== null && page.rows.length > 0;

const pullsOf = ({ pull_count: count }: RepositoryRow): number | null => count ?? null;
