import { readFileSync, rmSync, writeFileSync } from 'node:fs';

import type { HeldLock, LockKeeper } from '@scanner/core';

import { readProcessStat } from '../src/trivy/process-group.ts';

/** Locks that are held while the process lives that wrote its ID into them; enough for a few processes in turn. */
export const locksByProcess: LockKeeper = {
  tryAcquire: (file) => {
    const holder = holderOf(file);
    if (holder !== null && holder !== process.pid && isAlive(holder)) return { heldBy: `pid ${holder}` };
    writeFileSync(file, String(process.pid));
    return { held: heldLock(file) };
  },
  acquire: () => Promise.reject(new Error('nobody waits here')),
};

const heldLock = (file: string): HeldLock => {
  const release = (): void => rmSync(file, { force: true });
  return { release, [Symbol.dispose]: release };
};

const holderOf = (file: string): number | null => {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
};

const isAlive = (pid: number): boolean => !'ZX'.includes(readProcessStat(pid)?.state ?? 'X');
