import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { silentLog } from '@scanner/core';

import { acquireSaying, createLockKeeper } from './lock-keeper.ts';

const keeper = createLockKeeper();
let directory: string;
let lock: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-lock-'));
  lock = join(directory, 'pass.lock');
});

afterEach(() => rmSync(directory, { recursive: true }));

test('a lock is held once, inside one process too, until it is released', () => {
  const first = keeper.tryAcquire(lock, 'first');
  expect(createLockKeeper().tryAcquire(lock, 'second')).toEqual({ heldBy: 'first' });

  if ('held' in first) first.held.release();
  expect(keeper.tryAcquire(lock, 'third')).toHaveProperty('held');
});

test('releasing twice does not free the lock of the next holder', async () => {
  const first = await keeper.acquire(lock, 'first');
  first.release();
  using _ = await keeper.acquire(lock, 'second');
  first.release();

  expect(keeper.tryAcquire(lock, 'third')).toEqual({ heldBy: 'second' });
});

test('nothing but the empty lock file stays after release', async () => {
  {
    using _ = await keeper.acquire(lock, 'us');
    expect(existsSync(`${lock}.holder`)).toBe(true);
  }
  expect(readdirSync(directory)).toEqual(['pass.lock']);
});

test('a name left behind by a dead holder is not believed while the lock is free', () => {
  writeFileSync(`${lock}.holder`, 'long dead');

  expect(keeper.tryAcquire(lock, 'us')).toHaveProperty('held');
});

test('what stands in the holder file cannot forge lines or move a cursor', async () => {
  using _ = await keeper.acquire(lock, 'us');
  writeFileSync(`${lock}.holder`, `evil\u001B[2J\r\nnext line\u202E${'x'.repeat(5000)}`);

  const attempt = keeper.tryAcquire(lock, 'second');
  expect('heldBy' in attempt && attempt.heldBy).toMatch(/^evil \[2J next line x{100,180}$/);
});

test('waiting ends with the reason of the abort, and says once who is waited for', async () => {
  using _ = await keeper.acquire(lock, 'us');
  const abort = new AbortController();
  const reason = new Error('stopped');
  const told: string[] = [];
  const waiting = keeper.acquire(lock, 'second', { signal: abort.signal, onWait: (heldBy) => told.push(heldBy) });
  abort.abort(reason);

  await expect(waiting).rejects.toBe(reason);
  expect(told).toEqual(['us']);
});

test('who waits for longer than two seconds is told for whom, once', async () => {
  const held = await keeper.acquire(lock, 'gts scan (pid 7)');
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
  const waiting = acquireSaying(keeper, { file: lock, holder: 'us', log });
  await sleep(1500);
  expect(warnings).toEqual([]);
  await sleep(1500);
  held.release();
  (await waiting).release();
  (await acquireSaying(keeper, { file: lock, holder: 'us', log })).release();

  expect(warnings).toEqual([`waiting for gts scan (pid 7), which holds ${lock}`]);
});

test('a lock that is asked for after the abort is not taken', async () => {
  const reason = new Error('stopped');

  await expect(keeper.acquire(lock, 'us', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(existsSync(lock)).toBe(false);
});

test('a lock that cannot be made says whose directory it is and what to do', () => {
  expect(() => keeper.tryAcquire(join(directory, 'missing', 'pass.lock'), 'us')).toThrow(
    expect.objectContaining({ code: 'directory_unusable', message: expect.stringMatching(/belongs to \d+:\d+/) }),
  );
});

test('a file that is no lock is left as it is', () => {
  writeFileSync(lock, 'somebody wrote a letter here '.repeat(50));

  expect(() => keeper.tryAcquire(lock, 'us')).toThrow(expect.objectContaining({ code: 'directory_unusable' }));
});
