import { closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

import type { HeldLock, LockAttempt, LockKeeper, Log } from '@scanner/core';

import { lockFile } from './file-lock.ts';
import { storageError } from './storage-error.ts';

const POLL_MS = 200;
const SAID_AFTER_MS = 2000;
const HOLDER_LENGTH = 200;
const NOBODY_NAMED = 'another process';

/**
 * Keeps locks through SQLite's own file lock: an exclusive transaction on a database of nothing. The kernel drops it
 * with the process, SIGKILL included, and SQLite itself keeps two holders inside one process apart.
 *
 * Beside the lock lies `<lock>.holder` with the name of who holds it. It is only read while the lock is taken, so one
 * that a killed process left behind is never believed. The lock file stays for good: removing it would let two in.
 *
 * @example
 * using lock = await createLockKeeper().acquire('state/pass.lock', `gts host scan (pid ${process.pid})`);
 */
export const createLockKeeper = (): LockKeeper => ({ tryAcquire, acquire });

const tryAcquire = (file: string, holder: string): LockAttempt => {
  const connection = lockFile(file, 0);
  if (connection === undefined) return { heldBy: readHolder(file) };
  try {
    writeFileSync(holderFile(file), holder, { mode: 0o600 });
  } catch (error) {
    connection.close();
    throw storageError(holderFile(file), error);
  }
  return { held: heldLock(file, connection) };
};

const acquire: LockKeeper['acquire'] = async (file, holder, { signal, onWait } = {}) => {
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const attempt = tryAcquire(file, holder);
    if ('held' in attempt) return attempt.held;
    if (!told) onWait?.(attempt.heldBy);
    told = true;
    await wait(POLL_MS, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
};

/** What is waited for, and who says so. */
export interface LockWait {
  readonly file: string;
  readonly holder: string;
  readonly log: Log;
}

/** Waits for its turn; who has to wait for longer than two seconds is told for whom. */
export const acquireSaying = async (
  locks: LockKeeper,
  { file, holder, log }: LockWait,
  signal?: AbortSignal,
): Promise<HeldLock> => {
  let say: NodeJS.Timeout | undefined;
  const onWait = (heldBy: string): void => {
    say = setTimeout(() => log.warn(`waiting for ${heldBy}, which holds ${file}`), SAID_AFTER_MS);
  };
  try {
    return await locks.acquire(file, holder, { onWait, ...(signal !== undefined && { signal }) });
  } finally {
    clearTimeout(say);
  }
};

/** A connection that was garbage-collected would drop its lock, so whoever holds one stays reachable from here. */
const REACHABLE = new Set<DatabaseSync>();

const heldLock = (file: string, connection: DatabaseSync): HeldLock => {
  REACHABLE.add(connection);
  const release = (): void => {
    if (!REACHABLE.delete(connection)) return;
    rmSync(holderFile(file), { force: true });
    connection.close();
  };
  return { release, [Symbol.dispose]: release };
};

const holderFile = (file: string): string => `${file}.holder`;

/** Anybody may have written that file: one line, no control characters, bounded. */
const readHolder = (file: string): string => {
  try {
    const text = readStart(holderFile(file))
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim();
    return text === '' ? NOBODY_NAMED : text;
  } catch {
    return NOBODY_NAMED;
  }
};

const readStart = (file: string): string => {
  const descriptor = openSync(file, 'r');
  try {
    const start = Buffer.alloc(HOLDER_LENGTH);
    return start.toString('utf8', 0, readSync(descriptor, start));
  } finally {
    closeSync(descriptor);
  }
};
