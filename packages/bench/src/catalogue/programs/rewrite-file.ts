/**
 * Saves scans as everybody does at first, by writing the whole file anew each time:
 * `node rewrite-file.ts <tools.json> <file to write> <saves>`. Prints {@link RewriteReport} as JSON.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import type { Tool } from '@scanner/core';

import { measuredScan } from '../catalogue-content.ts';

/** What the program says. */
export interface RewriteReport {
  /** Milliseconds of each save. */
  readonly saves: readonly number[];
  /** Whether what was written last has all tools and the saved results. */
  readonly isWhole: boolean;
}

const [source = '', target = '', saves = ''] = process.argv.slice(2);
const now = new Date();
const document = readTools(source);
const times = Array.from({ length: Number(saves) }, (_, number) => {
  const start = performance.now();
  save(number);
  return performance.now() - start;
});
const report: RewriteReport = { saves: times, isWhole: isDeepStrictEqual(readTools(target), document) };
process.stdout.write(JSON.stringify(report));

function readTools(file: string): { tools: Tool[] } {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function save(number: number): void {
  const tool = document.tools[number % document.tools.length];
  if (tool === undefined) throw new Error(`${source} has no tools`);
  tool.security = measuredScan(number, now).security;
  const file = openSync(`${target}.new`, 'w');
  writeFileSync(file, JSON.stringify(document));
  fsyncSync(file);
  closeSync(file);
  renameSync(`${target}.new`, target);
}
