import { join } from 'node:path';

import { type Log, NOTHING_TOLD, Tool, unscannedReference } from '@scanner/core';
import { createLockKeeper, openBlobCache, openResultStore, openTellingStore, openToolStore } from '@scanner/store';

/** One kind of file that several processes may open at once. */
export interface StoreKind {
  /** Opens it, saves something of that name, and closes it. */
  save(directory: string, name: string, log: Log): void | Promise<void>;
  /** Those of the names that are not there. */
  missing(directory: string, names: readonly string[]): Promise<readonly string[]> | readonly string[];
}

export const SCAN = {
  status: 'complete' as const,
  coverage: 'full' as const,
  reason: null,
  os: null,
  imageId: null,
  digest: null,
  layers: [],
  findings: [],
  analysis: 'new' as const,
  scannedAt: '2026-11-22T00:00:00.000Z',
  durationSeconds: 1,
};

export const resultKey = (content: string) => ({
  content,
  options: '',
  trivyVersion: '0.74.0',
  databaseGeneration: 'g1',
});

const results: StoreKind = {
  save: (directory, name, log) => {
    using store = openResultStore(join(directory, 'results.db'), { log });
    store.save(resultKey(name), { scan: SCAN, log: null });
  },
  missing: (directory, names) => {
    using store = openResultStore(join(directory, 'results.db'));
    return names.filter((name) => store.find(resultKey(name)) === undefined);
  },
};

const cache: StoreKind = {
  save: (directory, name, log) => {
    using store = openBlobCache(join(directory, 'scan-cache.db'), { log });
    if (!store.set(name, Buffer.from(name))) throw new Error('the value was not kept');
  },
  missing: (directory, names) => {
    using store = openBlobCache(join(directory, 'scan-cache.db'));
    return names.filter((name) => store.get(name)?.toString() !== name);
  },
};

const AT = '2026-11-22T00:00:00.000Z';

const telling: StoreKind = {
  save: (directory, name, log) => {
    using store = openTellingStore(join(directory, 'telling.db'), { log });
    store.commit({
      state: { ...NOTHING_TOLD, references: [{ ...unscannedReference(name, AT), standing: 'pending' }] },
      message: { id: name, createdAt: AT, mail: null, webhook: '{}' },
    });
  },
  missing: (directory, names) => {
    using store = openTellingStore(join(directory, 'telling.db'));
    return names.filter((name) => store.find(name) === undefined);
  },
};

const toolId = (name: string): string => `docker_hub:acme/${name}`;

const tools: StoreKind = {
  save: async (directory, name, log) => {
    await using store = await openToolStore(join(directory, 'data'), { log });
    store.saveTools([Tool.parse({ id: toolId(name) })]);
  },
  missing: async (directory, names) => {
    await using store = await openToolStore(join(directory, 'data'));
    return names.filter((name) => store.find(toolId(name)) === undefined);
  },
};

const lock: StoreKind = {
  save: async (directory) => {
    using _ = await createLockKeeper().acquire(join(directory, 'pass.lock'), `test (pid ${process.pid})`);
  },
  missing: () => [],
};

export const STORE_KINDS: Readonly<Record<string, StoreKind>> = { results, cache, telling, tools, lock };
