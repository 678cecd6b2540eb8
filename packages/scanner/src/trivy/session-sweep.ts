import { readFileSync, statSync } from 'node:fs';
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { silentLog } from '@scanner/core';
import type { LockKeeper, Log } from '@scanner/core';

import { listProcessIds, readProcessStat, signalGroup } from './process-group.ts';
import type { ProcessStat } from './process-group.ts';
import { SESSION_LOCK, SESSION_PREFIX } from './session.ts';

/** What was left behind by scanners that did not get to end themselves. */
export interface SweptSessions {
  readonly sessions: number;
  readonly processes: number;
}

const YOUNG_MS = 60_000;

/**
 * Ends the Trivy processes, and removes the directories, of sessions whose owner is gone.
 * A session that is held, or so young that its owner may be about to take its lock, is left alone; one that cannot be
 * removed is logged.
 */
export const sweepSessions = async (
  workDirectory: string,
  locks: LockKeeper,
  log: Log = silentLog,
): Promise<SweptSessions> => {
  let [sessions, processes] = [0, 0];
  for (const directory of await listSessions(workDirectory)) {
    try {
      const ended = await sweep(directory, locks);
      if (ended === null) continue;
      sessions += 1;
      processes += ended;
    } catch (cause) {
      log.warn('what an earlier run left could not be removed', { directory, cause });
    }
  }
  return { sessions, processes };
};

/** As their owners wrote them into the environment of their processes. */
const listSessions = async (workDirectory: string): Promise<string[]> => {
  try {
    const directory = await realpath(workDirectory);
    const names = await readdir(directory);
    return names.filter((name) => name.startsWith(SESSION_PREFIX)).map((name) => join(directory, name));
  } catch {
    return [];
  }
};

/** How many processes were ended; null when the session is not ours to end. */
const sweep = async (directory: string, locks: LockKeeper): Promise<number | null> => {
  const lockFile = join(directory, SESSION_LOCK);
  if (!(await exists(lockFile))) {
    if (await isYoung(directory)) return null;
    return endSession(directory);
  }
  const attempt = locks.tryAcquire(lockFile, `clean-up (pid ${process.pid} on ${hostname()})`);
  if (!('held' in attempt)) return null;
  try {
    return await endSession(directory);
  } finally {
    attempt.held.release();
  }
};

const endSession = async (directory: string): Promise<number> => {
  const ended = await endProcesses(directory);
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  return ended;
};

/** Until none is left: one may have started another while it was looked for. */
const endProcesses = async (directory: string): Promise<number> => {
  const ended = new Set<string>();
  for (let left = processesOf(directory); left.length > 0; left = processesOf(directory)) {
    for (const found of left) {
      ended.add(`${found.pid} ${found.startTime}`);
      kill(found);
    }
    await sleep(20);
  }
  return ended.size;
};

/** Every process whose temporary directory lies in the session: nothing else is started with one there. */
const processesOf = (directory: string): ProcessStat[] =>
  listProcessIds().flatMap((pid) => {
    const found = readProcessStat(pid);
    return found !== undefined && !'ZX'.includes(found.state) && belongsTo(pid, directory) ? [found] : [];
  });

const belongsTo = (pid: number, directory: string): boolean => {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.geteuid?.()) return false;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').some((entry) => entry.startsWith(`TMPDIR=${directory}/`));
  } catch {
    return false;
  }
};

const kill = ({ pid, group, startTime }: ProcessStat): void => {
  if (readProcessStat(pid)?.startTime !== startTime) return;
  if (group === pid) signalGroup(group, 'SIGKILL');
  else signalProcess(pid);
};

const signalProcess = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile, which is what was wanted.
  }
};

const isYoung = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs < YOUNG_MS,
    () => true,
  );

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
