import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

import { type HeldLock, type LockKeeper, silentLog, systemClock } from '@scanner/core';
import { z } from 'zod';

import { VulnerabilityDatabase } from '../src/database/vulnerability-database.ts';

/** What the test that starts this process gives as its only argument, in JSON. */
const Order = z.object({ cacheDir: z.string(), trivyPath: z.string(), repositories: z.array(z.string()) });

const lockFile = async (path: string): Promise<HeldLock> => {
  const connection = new DatabaseSync(path, { timeout: 0 });
  while (!isExclusive(connection)) await sleep(20);
  const release = (): void => connection.close();
  return { release, [Symbol.dispose]: release };
};

const isExclusive = (connection: DatabaseSync): boolean => {
  try {
    connection.exec('BEGIN EXCLUSIVE');
    return true;
  } catch {
    return false;
  }
};

/** Locks that hold between processes. */
const locks: LockKeeper = {
  tryAcquire: () => ({ heldBy: 'nobody asks' }),
  acquire: (file) => lockFile(file),
};

const database = new VulnerabilityDatabase({
  ...Order.parse(JSON.parse(process.argv[2] ?? '{}')),
  locks,
  log: silentLog,
  clock: systemClock,
  trivyEnvironment: {},
});
const { updated } = await database.update();
process.stdout.write(JSON.stringify({ updated }));
