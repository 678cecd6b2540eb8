import { join } from 'node:path';

import { CatalogueScanDocument } from '@scanner/core';
import type { Tool } from '@scanner/core';
import { openToolStore } from '@scanner/store';

import { builtGts, runNode } from '../built-gts.ts';
import type { NodeOutcome } from '../built-gts.ts';
import { findingSet } from '../finding-sets.ts';
import type { FindingSets } from '../finding-sets.ts';
import type { PublishedTool } from './published-images.ts';

export interface CatalogueScanOptions {
  readonly trivy: string;
  /** Where the images lie, by Docker Hub's names. */
  readonly registryHost: string;
  readonly tools: readonly PublishedTool[];
  readonly concurrency?: number;
  /** Empty but for the cache. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface CatalogueScan {
  readonly outcome: NodeOutcome;
  /** By the reference that is pulled; of tools that could not be scanned there is none. */
  readonly findings: FindingSets;
}

const PARTLY = 3;

/** Where a catalogue scan in `directory` keeps the database and its scan cache. */
export function catalogueScanCache(directory: string): string {
  return join(directory, 'cache');
}

/** Runs `gts scan` as it was built, over tools that were never scanned. */
export async function runCatalogueScan(options: CatalogueScanOptions, signal: AbortSignal): Promise<CatalogueScan> {
  const { trivy, registryHost, tools, concurrency, directory, environment } = options;
  const data = join(directory, 'data');
  await seedTools(data, tools);
  const outcome = await runNode(
    {
      args: [
        ...[builtGts(), 'scan', '--json', '--quiet', '--skip-db-update'],
        ...['--registry-mirror', `docker.io=${registryHost}`],
        ...(concurrency === undefined ? [] : ['--concurrency', String(concurrency)]),
      ],
      env: {
        ...environment,
        TRIVY_PATH: trivy,
        TRIVY_CACHE_DIR: catalogueScanCache(directory),
        GTS_DATA_DIR: data,
      },
      workingDirectory: directory,
      exitCodes: [0, PARTLY],
    },
    signal,
  );
  const scanned = scannedIds(outcome.stdout);
  return {
    outcome,
    findings: await findingsOf(
      data,
      tools.filter(({ id }) => scanned.has(id)),
    ),
  };
}

async function seedTools(data: string, tools: readonly PublishedTool[]): Promise<void> {
  await using store = await openToolStore(data);
  store.saveTools(tools.map(neverScanned));
}

function neverScanned({ id, namespace, name, tag }: PublishedTool): Tool {
  return {
    id,
    name,
    namespace,
    source: 'docker_hub',
    description: '',
    pull_count: 0,
    star_count: 0,
    last_updated: null,
    docker_tags: [tag],
    tags_note: null,
    security: {
      status: 'unknown',
      coverage: null,
      scanned_tag: null,
      scanned_digest: null,
      trivy_scan_date: null,
      trivy_version: null,
      db_updated_at: null,
      vulnerabilities: null,
    },
  };
}

function scannedIds(document: string): ReadonlySet<string> {
  const { tools } = CatalogueScanDocument.parse(JSON.parse(document));
  return new Set(tools.filter(({ status, saved }) => status === 'scanned' && saved).map(({ id }) => id));
}

async function findingsOf(data: string, tools: readonly PublishedTool[]): Promise<FindingSets> {
  await using store = await openToolStore(data);
  return new Map(tools.map(({ id, reference }) => [reference, findingSet(store.scanOf(id)?.findings ?? [])]));
}
