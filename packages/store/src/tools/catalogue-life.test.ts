import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Tool, type ToolScan, UNKNOWN_SECURITY } from '@scanner/core';

import { type OpenToolStore, openToolStore } from './open-tool-store.ts';

/** What must be known of a tool, whatever happened. */
interface Expected {
  name: string;
  scannedDay: number | null;
}

type Step =
  | { readonly type: 'scrape' | 'save'; readonly tool: number; readonly name: string }
  | { readonly type: 'scan'; readonly tool: number; readonly day: number }
  | {
      readonly type: 'edit';
      readonly tool: number;
      readonly name: string;
      readonly day: number;
      readonly alone: boolean;
    }
  | { readonly type: 'cut_file' | 'remove_file' | 'flush' | 'crash' | 'restart' };

const tool = fc.nat(4);
const name = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed());
const day = fc.integer({ min: 1, max: 28 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('scrape', 'save'), tool, name }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('scan'), tool, day }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('edit'), tool, name, day, alone: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('cut_file', 'remove_file', 'flush', 'crash', 'restart') }),
  },
);

const idOf = (number: number): string => `docker_hub:library/tool-${number}`;
const dateOf = (dayOfMonth: number): string => `2026-11-${String(dayOfMonth).padStart(2, '0')}T00:00:00.000Z`;
const securityOf = (dayOfMonth: number) => ({
  ...UNKNOWN_SECURITY,
  status: 'ok' as const,
  trivy_scan_date: dateOf(dayOfMonth),
});

const scanOn = (dayOfMonth: number): ToolScan => ({
  security: securityOf(dayOfMonth),
  imageRef: 'tool:latest',
  rule: 'latest',
  source: 'remote',
  platform: 'linux/amd64',
  coverage: 'full',
  coverageReason: null,
  databaseGeneration: 'g1',
  databaseStale: false,
  findings: [],
});

/** A catalogue that is used, edited and killed, beside what must be in it. */
class Life {
  readonly differences: unknown[] = [];
  readonly #directory: string;
  readonly #file: string;
  readonly #expected = new Map<string, Expected>();
  readonly #abandoned: OpenToolStore[] = [];
  #store: OpenToolStore;

  constructor(directory: string, store: OpenToolStore) {
    this.#directory = directory;
    this.#file = join(directory, 'processed', 'tools.json');
    this.#store = store;
  }

  async take(next: Step): Promise<void> {
    switch (next.type) {
      case 'scrape':
        this.#store.saveScraped([{ tool: this.#tool(next), tags: [], tagsKnown: true }]);
        this.#expect(next.tool).name = next.name;
        break;
      case 'save':
        this.#store.saveTools([this.#tool(next)]);
        this.#expect(next.tool).name = next.name;
        break;
      case 'scan':
        if (!this.#expected.has(idOf(next.tool))) return;
        this.#store.saveScan(idOf(next.tool), scanOn(next.day));
        this.#expect(next.tool).scannedDay = next.day;
        break;
      case 'edit':
        await this.#edit(next);
        break;
      case 'cut_file':
        await this.#store.flush();
        if (this.#expected.size > 0) writeFileSync(this.#file, readFileSync(this.#file).subarray(0, -4));
        break;
      case 'remove_file':
        await this.#store.flush();
        rmSync(this.#file, { force: true });
        break;
      case 'flush':
        await this.#store.flush();
        this.#check();
        break;
      case 'crash':
        this.#abandoned.push(this.#store);
        this.#store = await openToolStore(this.#directory);
        this.#check();
        break;
      case 'restart':
        await this.#store.close();
        this.#check();
        this.#store = await openToolStore(this.#directory);
    }
  }

  async end(): Promise<void> {
    await this.#store.close();
    this.#check();
    for (const store of this.#abandoned) await store.close();
    this.#check();
  }

  /** `tools.json` should say all that is expected, and nothing else. */
  #check(): void {
    if (this.#expected.size === 0) return;
    const { tools }: { tools: Tool[] } = JSON.parse(readFileSync(this.#file, 'utf8'));
    const seen = tools.map(({ id, name: seenName, security }) => ({
      id,
      name: seenName,
      date: security.trivy_scan_date,
    }));
    const expected = [...this.#expected].map(([id, { name: expectedName, scannedDay }]) => ({
      id,
      name: expectedName,
      date: scannedDay === null ? null : dateOf(scannedDay),
    }));
    const shown = expected.toSorted((one, other) => (one.id < other.id ? -1 : 1));
    if (!isDeepStrictEqual(seen, shown)) this.differences.push({ seen, shown });
  }

  /** Somebody writes one tool, and leaves the others out or as they are. */
  async #edit(edit: Step & { type: 'edit' }): Promise<void> {
    await this.#store.flush();
    const others = edit.alone ? [] : [...this.#store.tools()].filter(({ id }) => id !== idOf(edit.tool));
    const edited = { ...this.#tool(edit), security: securityOf(edit.day) };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify({ tools: [edited, ...others] }));
    const expected = this.#expect(edit.tool);
    expected.name = edit.name;
    expected.scannedDay = Math.max(expected.scannedDay ?? 0, edit.day);
    await this.#store.flush();
  }

  #tool({ tool: number, name: given }: { readonly tool: number; readonly name: string }): Tool {
    return Tool.parse({ id: idOf(number), name: given, namespace: 'library' });
  }

  #expect(number: number): Expected {
    const expected = this.#expected.get(idOf(number)) ?? { name: '', scannedDay: null };
    this.#expected.set(idOf(number), expected);
    return expected;
  }
}

test('whatever is saved, edited, cut and killed in whatever order, nothing is lost and tools.json says it all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const directory = mkdtempSync(join(tmpdir(), 'gts-life-'));
      const life = new Life(directory, await openToolStore(directory));
      for (const next of steps) await life.take(next);
      await life.end();
      rmSync(directory, { recursive: true });

      expect(life.differences).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
