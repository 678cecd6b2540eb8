import { join } from 'node:path';

import { openToolStore } from '@scanner/store';

import { measuredTags, measuredTool } from './catalogue-content.ts';

/** A data directory with a catalogue in it, as `gts scrape` and `gts scan` leave it. */
export interface SeededCatalogue {
  readonly directory: string;
  readonly toolsFile: string;
  /** How many tools it has. */
  readonly tools: number;
  /** The moment from which the ages of scans count. */
  readonly now: Date;
}

const TOOLS_AT_ONCE = 1000;

/** Fills a data directory that does not exist yet. */
export async function seedCatalogue(directory: string, tools: number, signal: AbortSignal): Promise<SeededCatalogue> {
  const now = new Date();
  await using store = await openToolStore(directory, { signal });
  for (let start = 0; start < tools; start += TOOLS_AT_ONCE) {
    signal.throwIfAborted();
    const numbers = Array.from({ length: Math.min(TOOLS_AT_ONCE, tools - start) }, (_, index) => start + index);
    const rows = numbers.map((index) => ({ tool: measuredTool(index, now), tags: measuredTags(index, now) }));
    store.saveTools(rows.map(({ tool }) => tool));
    store.saveScraped(rows.map(({ tool, tags }) => ({ tool, tags, tagsKnown: true })));
    await new Promise(setImmediate);
  }
  return { directory, toolsFile: join(directory, 'processed', 'tools.json'), tools, now };
}
