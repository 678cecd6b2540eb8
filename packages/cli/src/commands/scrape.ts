import { join } from 'node:path';

import { type CommandContext, type CommonFlags, EXIT, type ExitCode, readSettings } from '@scanner/app';
import { networkDispatcher } from '@scanner/app/host';
import { type ScrapeDocument, ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { renderScrapeSummary } from '@scanner/report';
import { DockerHubClient, DockerHubScraper, openResponseCache, parseNamespaces } from '@scanner/scraper';
import type { Dispatcher } from 'undici';

import type { ScrapeFlags } from '../catalogue-options.ts';
import { ScrapeTally } from '../catalogue-scrape-tally.ts';
import { type Catalogue, openCatalogue } from '../catalogue-store.ts';
import { version } from '../version.ts';

type Flags = CommonFlags & ScrapeFlags;

/** `gts scrape`: lists namespaces of Docker Hub and stores their repositories, with their tags, as tools. */
export const scrape = async (context: CommandContext, flags: Flags): Promise<ExitCode> => {
  const { settings } = readSettings(context, flags, { layout: 'user' });
  const namespaces = namespacesOf(flags, settings);
  await using catalogue = await openCatalogue(context, settings);
  await using network = networkDispatcher({ env: context.env, log: context.console.log });
  const client = composeClient(context, settings, catalogue, network.dispatcher);
  const document = await storeNamespaces(context, flags, { client, catalogue, namespaces });
  const published = await catalogue.publish();
  await tell(context, document);
  return document.totals.errors > 0 || !published ? EXIT.partly : EXIT.done;
};

const namespacesOf = ({ namespaces }: Flags, { POPULAR_NAMESPACES: popular }: Settings): readonly string[] => {
  const named = parseNamespaces(namespaces, popular.length > 0 ? popular : undefined);
  if (named.length > 0) return named;
  throw new ScannerError('--namespaces names none', {
    code: 'usage',
    hint: 'name one, several with commas between, or `popular`',
  });
};

const composeClient = (
  { console }: CommandContext,
  { DOCKERHUB_URL, DOCKERHUB_USERNAME, DOCKERHUB_TOKEN }: Settings,
  { directory }: Catalogue,
  dispatcher: Dispatcher,
): DockerHubClient =>
  new DockerHubClient({
    baseUrl: DOCKERHUB_URL,
    ...(DOCKERHUB_USERNAME !== null &&
      DOCKERHUB_TOKEN !== null && { account: { identifier: DOCKERHUB_USERNAME, secret: DOCKERHUB_TOKEN } }),
    cache: openResponseCache(join(directory, 'cache', 'docker-hub'), { log: console.log }),
    userAgent: `gts/${version()} (catalogue of container images)`,
    dispatcher,
    log: console.log,
  });

interface ScrapeParts {
  readonly client: DockerHubClient;
  readonly catalogue: Catalogue;
  readonly namespaces: readonly string[];
}

/** Each tool is stored when it is there; a stop ends with those. */
const storeNamespaces = async (
  { console, signal }: CommandContext,
  { maxTags, refresh = false }: Flags,
  { client, catalogue, namespaces }: ScrapeParts,
): Promise<ScrapeDocument> => {
  const tally = new ScrapeTally(namespaces);
  const onProgress = ({ namespace, done, total }: { namespace: string; done: number; total: number }): void => {
    if (done === 0) console.progress.start();
    console.progress.update({ done, total, unit: 'repositories', what: namespace });
  };
  try {
    const scraper = new DockerHubScraper(client, { log: console.log });
    for await (const event of scraper.scrape(namespaces, { maxTags, refresh, signal, onProgress })) {
      if (event.kind === 'tool') catalogue.store.saveScraped([event.scraped]);
      tally.take(event);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return tally.document(client.traffic);
};

const tell = async ({ console }: CommandContext, document: ScrapeDocument): Promise<void> => {
  for (const { name, truncated, reason } of document.namespaces)
    if (truncated)
      console.log.warn(`the namespace ${name} is listed incompletely: ${reason ?? 'Docker Hub gave no reason'}`);
  if (console.json) await console.document(document);
  else await console.result(renderScrapeSummary(document, console.appearance));
};
