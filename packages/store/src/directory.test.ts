import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { removeUnfinished } from './atomic-file.ts';
import { checkDirectory } from './directory.ts';
import { openToolStore } from './tools/open-tool-store.ts';

let directory: string;
let umask: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-directory-'));
  umask = process.umask(0);
});

afterEach(() => {
  process.umask(umask);
  rmSync(directory, { recursive: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('a directory that is made is for its owner only, with those above it', async () => {
  await checkDirectory(join(directory, 'above', 'state'));
  await (await openToolStore(join(directory, 'data'))).close();

  for (const name of ['above', 'above/state', 'data']) expect(modeOf(join(directory, name))).toBe('700');
});

test('what killed processes left of a proof that a directory can be written goes, and nothing else', async () => {
  for (const name of ['.writable-0123456789abcdef.tmp', '.writable-.tmp', 'writable'])
    writeFileSync(join(directory, name), 'x');
  await checkDirectory(directory);

  expect(readdirSync(directory)).toEqual(['.writable-.tmp', 'writable']);
});

test('files that killed writers did not finish go, and nothing else', () => {
  for (const name of ['.health.json.0123456789abcdef.tmp', '.health.json.tmp', 'health.json', '.0123456789abcdef.tmp'])
    writeFileSync(join(directory, name), 'x');
  removeUnfinished(directory);
  removeUnfinished(join(directory, 'missing'));

  expect(readdirSync(directory)).toEqual(['.0123456789abcdef.tmp', '.health.json.tmp', 'health.json']);
});
