import { eachBounded, type Log, ScannerError, silentLog } from '@scanner/core';

import type { DockerHubClient } from './docker-hub-client.ts';
import { DockerHubError, type DockerHubErrorCode } from './docker-hub-error.ts';
import { isNamespace, isRepositoryName } from './docker-hub-names.ts';
import type { Listing } from './listing/walk-pages.ts';
import type { RepositoryRow } from './schema.ts';
import { findTags } from './scrape/find-tags.ts';
import { failedSummary, sortOut, summaryOf } from './scrape/namespace-summary.ts';
import type { ScrapeError, ScrapeEvent, ScrapeOptions } from './scrape/scrape-events.ts';
import { scrapedTool, wasPushedTo } from './scrape/scraped-tool.ts';

const DEFAULT_MAX_TAGS = 50;
const DEFAULT_MAX_REPOSITORIES = 10_000;
const REPOSITORIES_AT_ONCE = 12;

export interface DockerHubScraperOptions {
  readonly log?: Log;
}

/**
 * Turns repositories of Docker Hub into tools with their tags.
 *
 * @example
 * const scraper = new DockerHubScraper(client);
 * for await (const event of scraper.scrape(['library', 'acme'], { signal })) {
 *   if (event.kind === 'tool') store.saveScraped([event.scraped]);
 * }
 */
export class DockerHubScraper {
  readonly #client: DockerHubClient;
  readonly #log: Log;

  constructor(client: DockerHubClient, { log = silentLog }: DockerHubScraperOptions = {}) {
    this.#client = client;
    this.#log = log;
  }

  /**
   * Names of the newest tags that may carry a Linux image, then those of `latest`, `stable` and `alpine` that are not
   * among them. Empty, with a warning in the log, where they cannot be had.
   *
   * @throws ScannerError `docker_hub_login_refused`, or the signal's reason
   */
  async fetchAvailableTags(
    namespace: string,
    name: string,
    limit: number = DEFAULT_MAX_TAGS,
    signal?: AbortSignal,
  ): Promise<string[]> {
    try {
      if (!isRepositoryName(namespace, name)) throw badName(`${namespace}/${name}`);
      const { tags } = await findTags(this.#client, namespace, name, { limit, signal });
      return tags.map((tag) => tag.name);
    } catch (error) {
      const failed = scrapeError(`${namespace}/${name}`, error);
      this.#log.warn('the tags of a repository could not be had', { ...failed });
      return [];
    }
  }

  /**
   * Gives every repository of the namespaces as a tool, as they are finished, a summary after each namespace, and the
   * totals at the end. What fails for one repository or namespace is told in its place and ends nothing.
   *
   * @throws ScannerError `docker_hub_login_refused`, `docker_hub_unreachable` where no namespace at all could be asked,
   *   or the signal's reason
   */
  async *scrape(
    namespaces: readonly string[],
    options: ScrapeOptions = {},
  ): AsyncGenerator<ScrapeEvent, void, undefined> {
    const before = this.#client.traffic;
    const failures: (ScrapeError | null)[] = [];
    let [tools, errors] = [0, 0];
    for (const namespace of namespaces) {
      for await (const event of this.#scrapeNamespace(namespace, options)) {
        if (event.kind === 'tool') tools += 1;
        if (event.kind === 'namespace') failures.push(event.summary.error);
        const error = event.kind === 'tool' ? event.error : event.summary.error;
        if (error !== null) errors += 1;
        yield event;
      }
    }
    if (tools === 0) assertReachable(failures);
    const { requests, cached } = this.#client.traffic;
    yield {
      kind: 'end',
      totals: { tools, requests: requests - before.requests, cached: cached - before.cached, errors },
    };
  }

  async *#scrapeNamespace(
    namespace: string,
    options: ScrapeOptions,
  ): AsyncGenerator<Exclude<ScrapeEvent, { kind: 'end' }>, void, undefined> {
    const listing = await this.#listOf(namespace, options);
    if ('code' in listing) {
      yield { kind: 'namespace', summary: failedSummary(namespace, listing) };
      return;
    }
    const { rows, plugins, unreadable } = sortOut(namespace, listing);
    using stop = stopAtEnd(options.signal);
    const work = (row: RepositoryRow): Promise<ScrapedRepository> =>
      this.#scrapeRepository(namespace, row, { ...options, signal: stop.signal });
    const doubted: string[] = [];
    let done = 0;
    options.onProgress?.({ namespace, done, total: rows.length });
    for await (const { event, isDoubted } of eachBounded(rows, REPOSITORIES_AT_ONCE, work)) {
      done += 1;
      options.onProgress?.({ namespace, done, total: rows.length });
      if (isDoubted) doubted.push(event.scraped.tool.name);
      yield event;
    }
    this.#warnOfDoubted(namespace, doubted);
    yield { kind: 'namespace', summary: summaryOf(namespace, listing, { tools: done, plugins, unreadable }) };
  }

  async #listOf(
    namespace: string,
    { maxRepositories = DEFAULT_MAX_REPOSITORIES, refresh, signal }: ScrapeOptions,
  ): Promise<Listing<RepositoryRow> | ScrapeError> {
    try {
      if (!isNamespace(namespace)) throw badName(namespace);
      return await this.#client.listRepositories(namespace, { maxRepositories, refresh, signal });
    } catch (error) {
      return scrapeError(namespace, error);
    }
  }

  async #scrapeRepository(
    namespace: string,
    row: RepositoryRow,
    { maxTags = DEFAULT_MAX_TAGS, refresh, signal }: ScrapeOptions,
  ): Promise<ScrapedRepository> {
    try {
      const mayBeEmpty = !wasPushedTo(row);
      const found = await findTags(this.#client, namespace, row.name, { limit: maxTags, mayBeEmpty, refresh, signal });
      const isDoubted = found.noneListed && !mayBeEmpty;
      const scraped = scrapedTool(namespace, row, isDoubted ? null : found);
      return { event: { kind: 'tool', scraped, error: null }, isDoubted };
    } catch (error) {
      const failed = contradicted(scrapeError(`${namespace}/${row.name}`, error));
      return { event: { kind: 'tool', scraped: scrapedTool(namespace, row, null), error: failed }, isDoubted: false };
    }
  }

  #warnOfDoubted(namespace: string, names: readonly string[]): void {
    if (names.length === 0) return;
    const named = names.toSorted().slice(0, NAMED_AT_MOST).join(', ');
    const more = names.length > NAMED_AT_MOST ? ` and ${names.length - NAMED_AT_MOST} more` : '';
    this.#log.warn(
      `Docker Hub lists no tags for ${names.length} of the repositories of ${namespace} that were pushed to: ` +
        `those known before are kept (${named}${more})`,
    );
  }
}

type ToolEvent = Extract<ScrapeEvent, { kind: 'tool' }>;

interface ScrapedRepository {
  readonly event: ToolEvent;
  /** What is said of its tags contradicts what the list of repositories says. */
  readonly isDoubted: boolean;
}

const NAMED_AT_MOST = 5;

/** @throws what is not about this subject alone */
const scrapeError = (subject: string, error: unknown): ScrapeError => {
  if (!DockerHubError.is(error)) throw error;
  const { code, message, advice } = error;
  return { subject, code, message, ...(advice !== null && { advice }) };
};

/** Of a repository that the list of its namespace holds. */
const contradicted = (error: ScrapeError): ScrapeError =>
  error.code === 'not_found'
    ? { ...error, message: 'Docker Hub lists the repository, and says of its tags that there is none (404)' }
    : error;

const badName = (name: string): DockerHubError =>
  new DockerHubError(`${JSON.stringify(name.slice(0, 100))} cannot be a name on Docker Hub`, { code: 'bad_name' });

/** A signal that follows the given one, and that work still under way gets when nobody wants more results. */
const stopAtEnd = (signal: AbortSignal | undefined): { readonly signal: AbortSignal } & Disposable => {
  const controller = new AbortController();
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    [Symbol.dispose]: () => controller.abort(),
  };
};

const assertReachable = (failures: readonly (ScrapeError | null)[]): void => {
  const [first] = failures;
  if (first === undefined || first === null) return;
  if (failures.some((failure) => failure === null || OF_THE_NAME.has(failure.code))) return;
  throw new ScannerError(`Docker Hub cannot be asked: ${first.message}`, {
    code: 'docker_hub_unreachable',
    hint: first.advice ?? 'check the network and the proxy settings, or try again later',
  });
};

/** Codes that are about a namespace. With any other for all of them, what answers is not Docker Hub, or does not let us. */
const OF_THE_NAME: ReadonlySet<string> = new Set<DockerHubErrorCode>(['not_found', 'bad_name']);
