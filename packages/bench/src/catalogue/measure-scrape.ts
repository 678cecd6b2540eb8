import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Tool } from '@scanner/core';
import { startDockerHub } from '@scanner/testing';
import type { DockerHub } from '@scanner/testing';

import { builtGts } from '../built-gts.ts';
import { runInSetting } from './catalogue-setting.ts';
import type { CatalogueSetting } from './catalogue-setting.ts';
import { hubContent } from './hub-content.ts';
import { scrapePlainly } from './plain-scrape.ts';
import type { TagsByRepository } from './plain-scrape.ts';

/** One whole `gts scrape`. */
export interface ScrapeRun {
  readonly milliseconds: number;
  readonly requests: number;
  /** Requests that were answered with 429. */
  readonly refused: number;
  readonly mostAtOnce: number;
  readonly peakMemoryBytes: number;
}

export interface ScrapeMeasurement {
  readonly repositories: number;
  readonly limited: ScrapeRun & {
    /** The least time in which so many requests are permitted, in milliseconds. */
    readonly permittedMilliseconds: number;
  };
  /** Milliseconds of the loop, one request after the other. */
  readonly oneByOne: number;
  readonly unlimited: readonly ScrapeRun[];
  /** The same commands again. */
  readonly cached: readonly ScrapeRun[];
  readonly problems: readonly string[];
}

const NAMESPACE = 'library';
const LATENCY_MS = 150;
const REQUESTS_PER_MINUTE = 180;
const MINUTE_MS = 60_000;

/** `gts scrape` of a namespace: within a limit, without one, and again; and a loop over the same. */
export async function measureScrape(setting: CatalogueSetting): Promise<ScrapeMeasurement> {
  const repositories = hubContent();
  const measurement = new Measurement(setting);
  await using limitedHub = await startDockerHub({ repositories, latencyMs: LATENCY_MS });
  await using hub = await startDockerHub({ repositories, latencyMs: LATENCY_MS, limit: false });
  setting.note(`scrape: one by one, while a limited one waits for its minute to end`);
  const [limited, oneByOne] = await both(
    measurement.scrapeOnce(limitedHub, await measurement.emptyDirectory()),
    measurement.loop(hub),
  );
  const [unlimited, cached]: [ScrapeRun[], ScrapeRun[]] = [[], []];
  for (let round = 1; round <= setting.rounds; round += 1) {
    setting.note(`scrape without a limit, and again: round ${round} of ${setting.rounds}`);
    const directory = await measurement.emptyDirectory();
    unlimited.push(await measurement.scrapeOnce(hub, directory));
    cached.push(await measurement.scrapeOnce(hub, directory));
  }
  return {
    repositories: repositories.length,
    limited: { ...limited, permittedMilliseconds: permittedTime(limited.requests) },
    oneByOne,
    unlimited,
    cached,
    problems: measurement.problems,
  };
}

/** The server counts anew every minute from the first request on, and the last answer takes its time. */
function permittedTime(requests: number): number {
  return Math.floor((requests - 1) / REQUESTS_PER_MINUTE) * MINUTE_MS + LATENCY_MS;
}

/** Both results; waits for the end of both in any case. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

class Measurement {
  readonly problems: string[] = [];
  readonly #setting: CatalogueSetting;
  #expected: TagsByRepository | undefined;

  constructor(setting: CatalogueSetting) {
    this.#setting = setting;
  }

  emptyDirectory(): Promise<string> {
    return mkdtemp(join(this.#setting.directory, 'scrape-'));
  }

  async loop(hub: DockerHub): Promise<number> {
    const start = performance.now();
    const found = await scrapePlainly(hub.url, NAMESPACE, this.#setting.signal);
    const milliseconds = performance.now() - start;
    this.#compare('the loop', found);
    return milliseconds;
  }

  async scrapeOnce(hub: DockerHub, directory: string): Promise<ScrapeRun> {
    const before = hub.requests.length;
    const { milliseconds, peakMemoryBytes } = await runInSetting(
      [builtGts(), 'scrape', '--namespaces', NAMESPACE, '--json'],
      this.#setting,
      { GTS_DATA_DIR: directory, DOCKERHUB_URL: hub.url },
    );
    this.#compare('gts scrape', await readTags(directory));
    const requests = hub.requests.slice(before);
    return {
      milliseconds,
      requests: requests.length,
      refused: requests.filter(({ status }) => status === 429).length,
      mostAtOnce: hub.mostAtOnce,
      peakMemoryBytes,
    };
  }

  #compare(what: string, found: TagsByRepository): void {
    this.#expected ??= found;
    if (!isDeepStrictEqual(found, this.#expected)) this.problems.push(`Scraping: ${what} found other tools or tags.`);
  }
}

async function readTags(directory: string): Promise<TagsByRepository> {
  const text = await readFile(join(directory, 'processed', 'tools.json'), 'utf8');
  const { tools }: { tools: Tool[] } = JSON.parse(text);
  return new Map(tools.map(({ name, docker_tags: tags }) => [name, tags]));
}
