export { openResponseCache } from './cache/response-cache.ts';
export type { ResponseCache, ResponseCacheOptions } from './cache/response-cache.ts';
export type { DockerHubAccount } from './connection/account-session.ts';
export type { AskOptions } from './connection/docker-hub-connection.ts';
export { DockerHubClient } from './docker-hub-client.ts';
export type { DockerHubClientOptions, ListRepositoriesOptions, ListTagsOptions } from './docker-hub-client.ts';
export { DockerHubError } from './docker-hub-error.ts';
export type { DockerHubErrorCode } from './docker-hub-error.ts';
export { DockerHubScraper } from './docker-hub-scraper.ts';
export type { DockerHubScraperOptions } from './docker-hub-scraper.ts';
export type { Cut, Listing } from './listing/walk-pages.ts';
export { parseNamespaces, POPULAR_NAMESPACES } from './namespaces.ts';
export type { RepositoryRow, TagRow } from './schema.ts';
export type {
  NamespaceSummary,
  ScrapeError,
  ScrapeEvent,
  ScrapeOptions,
  ScrapeProgress,
  ScrapeTotals,
} from './scrape/scrape-events.ts';
export { systemTiming } from './timing.ts';
export type { Timing } from './timing.ts';
