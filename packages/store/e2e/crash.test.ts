import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openBlobCache, openResultStore, writeFileAtomically } from '@scanner/store';

const SAVER = fileURLToPath(new URL('saver.ts', import.meta.url));

let directory: string;
const undo: (() => void)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-crash-'));
  undo.push(() => rmSync(directory, { recursive: true }));
});

afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
});

const spawnSaver = (name: string): ChildProcessWithoutNullStreams => {
  const child = spawn(process.execPath, ['--conditions=@scanner/source', SAVER, directory, name]);
  undo.push(() => child.kill('SIGKILL'));
  return child;
};

/** Everything the child said it saved, killed once it has said `count` of them. */
const killAfter = async (child: ChildProcessWithoutNullStreams, count: number): Promise<string[]> => {
  const saved: string[] = [];
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    if (saved.push(line) === count) child.kill('SIGKILL');
  }
  await ended;
  return saved;
};

const key = (content: string) => ({ content, options: '', trivyVersion: '0.74.0', databaseGeneration: 'g1' });

test('what several processes saved is there after each of them was killed in the middle of a save', async () => {
  const saved = (await Promise.all([killAfter(spawnSaver('a'), 60), killAfter(spawnSaver('b'), 90)])).flat();
  using results = openResultStore(join(directory, 'results.db'));
  using cache = openBlobCache(join(directory, 'cache.db'));

  expect(saved.length).toBeGreaterThanOrEqual(150);
  expect(saved.filter((name) => results.find(key(name)) === undefined)).toEqual([]);
  expect(saved.filter((name) => cache.get(name)?.toString() !== name.repeat(500))).toEqual([]);
  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toEqual([]);
});

test('several processes may make the same new files at the same moment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const savers = ['a', 'b', 'c'].map((name) => killAfter(spawnSaver(name), 1));
    const saved = await Promise.all(savers);
    expect(saved.map((names) => names.length > 0)).toEqual([true, true, true]);
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
  }
});

test('on a full disk results that cannot be kept are an error, and what was kept before stays whole', async () => {
  const disk = join(directory, 'disk');
  execFileSync('mkdir', [disk]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  undo.push(() => execFileSync('umount', [disk]));
  const file = join(disk, 'results.db');
  const scan = {
    status: 'complete' as const,
    coverage: 'full' as const,
    reason: null,
    os: null,
    imageId: null,
    digest: null,
    layers: [randomBytes(20_000).toString('hex')],
    findings: [],
    analysis: 'new' as const,
    scannedAt: '2026-11-22T00:00:00.000Z',
    durationSeconds: 1,
  };
  const saved: string[] = [];
  const fill = (): void => {
    using results = openResultStore(file);
    for (let index = 0; index < 200; index += 1) {
      results.save(key(`result ${index}`), { scan, log: null });
      saved.push(`result ${index}`);
    }
  };

  expect(fill).toThrow(expect.objectContaining({ code: 'disk_full' }));
  await expect(writeFileAtomically(join(disk, 'report.html'), randomBytes(2_000_000))).rejects.toMatchObject({
    code: 'disk_full',
  });
  expect(readdirSync(disk).filter((name) => !name.startsWith('results.db'))).toEqual([]);
  using results = openResultStore(file);
  expect(saved.length).toBeGreaterThan(3);
  expect(saved.map((name) => results.find(key(name))?.scan)).toEqual(saved.map(() => scan));
});
