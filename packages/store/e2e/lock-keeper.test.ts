import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createLockKeeper } from '@scanner/store';

const HOLDER = fileURLToPath(new URL('lock-holder.ts', import.meta.url));

let directory: string;
let lock: string;
const children: ChildProcessWithoutNullStreams[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-lock-'));
  lock = join(directory, 'pass.lock');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

const spawnHolder = async (name: string): Promise<{ child: ChildProcessWithoutNullStreams; said: string }> => {
  const child = spawn(process.execPath, ['--conditions=@scanner/source', HOLDER, lock, name]);
  children.push(child);
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
};

const kill = async (child: ChildProcessWithoutNullStreams): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

test('a second process is told who holds the lock', async () => {
  await spawnHolder('gts host scan (pid 12 on web1)');

  expect(createLockKeeper().tryAcquire(lock, 'us')).toEqual({ heldBy: 'gts host scan (pid 12 on web1)' });
  expect((await spawnHolder('a third')).said).toBe('held by gts host scan (pid 12 on web1)');
});

test('a lock is free at once when its holder was killed, whatever it left behind', async () => {
  const { child } = await spawnHolder('the killed one');
  await kill(child);
  expect(readFileSync(`${lock}.holder`, 'utf8')).toBe('the killed one');

  expect((await spawnHolder('the next')).said).toBe('held');
  expect(createLockKeeper().tryAcquire(lock, 'us')).toEqual({ heldBy: 'the next' });
});

test('who waits gets the lock when its holder dies', async () => {
  const { child } = await spawnHolder('the first');
  const waitedFor: string[] = [];
  const waiting = createLockKeeper().acquire(lock, 'us', { onWait: (heldBy) => waitedFor.push(heldBy) });
  await kill(child);

  using held = await waiting;
  expect(waitedFor).toEqual(['the first']);
  expect((await spawnHolder('late')).said).toBe('held by us');
  held.release();
  expect((await spawnHolder('later')).said).toBe('held');
});
