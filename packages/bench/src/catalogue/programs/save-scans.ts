/**
 * Saves scans in a catalogue, and the same by plain inserts:
 * `node save-scans.ts <data directory> <tools> <saves> <number of the first scan>`. Prints {@link SavesReport} as JSON.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { ToolScan } from '@scanner/core';
import { openToolStore } from '@scanner/store';
import type { OpenToolStore } from '@scanner/store';

import { measuredId, measuredScan } from '../catalogue-content.ts';
import { PlainDatabase } from '../plain-database.ts';

/** What the program says. */
export interface SavesReport {
  /** Milliseconds of each save in the catalogue. */
  readonly saves: readonly number[];
  /** Milliseconds of each plain insert of the same scans. */
  readonly inserts: readonly number[];
  /** Milliseconds until `tools.json` had all of them. */
  readonly publishing: number;
  /** The most memory that the process held until then. */
  readonly peakMemoryBytes: number;
  /** IDs of tools whose scan reads back differently from one of the two. */
  readonly differences: readonly string[];
}

/** Time for the catalogue to publish `tools.json` in between, as it does during a run of scans. */
const PAUSE_MS = 2;
/** So many of one kind, then as many of the other: one after the other they would wait for each other's journal. */
const TURN = 50;
/** A step that shares no factor with the sizes, so that neighbours in time are none in the file. */
const STEP = 7919;

const [directory = '', tools = '', saves = '', first = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(Number(tools), Number(saves), Number(first))));

async function measure(toolCount: number, saveCount: number, firstNumber: number): Promise<SavesReport> {
  const now = new Date();
  await using store = await openToolStore(directory);
  using plain = new PlainDatabase(join(directory, 'plain.db'));
  const saved = new Map<string, number>();
  const report = { saves: Array<number>(), inserts: Array<number>() };
  const save = (id: string, scan: ToolScan): number => report.saves.push(timed(() => store.saveScan(id, scan)));
  const insert = (id: string, scan: ToolScan): number => report.inserts.push(timed(() => plain.insert(id, scan)));
  for (let number = firstNumber; number < firstNumber + saveCount; number += TURN) {
    for (const step of (number / TURN) % 2 === 0 ? [save, insert] : [insert, save]) {
      for (let scan = number; scan < number + TURN; scan += 1) {
        const id = measuredId((scan * STEP) % toolCount);
        step(id, measuredScan(scan, now));
        saved.set(id, scan);
        await sleep(PAUSE_MS);
      }
    }
  }
  const start = performance.now();
  await store.flush();
  const publishing = performance.now() - start;
  const peakMemoryBytes = readPeakMemory();
  return { ...report, publishing, peakMemoryBytes, differences: differencesOf(saved, now, store, plain) };
}

function differencesOf(
  saved: ReadonlyMap<string, number>,
  now: Date,
  store: OpenToolStore,
  plain: PlainDatabase,
): string[] {
  const isSame = ([id, number]: readonly [string, number]): boolean => {
    const scan: ToolScan = measuredScan(number, now);
    return (
      isDeepStrictEqual(store.scanOf(id), scan) &&
      isDeepStrictEqual(store.find(id)?.security, scan.security) &&
      isDeepStrictEqual(plain.read(id), scan)
    );
  };
  return [...saved].filter((entry) => !isSame(entry)).map(([id]) => id);
}

/** Before all is read back, which takes more. */
function readPeakMemory(): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
