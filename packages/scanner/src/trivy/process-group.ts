import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A row of Linux' `/proc/<pid>/stat`. */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly group: number;
  /** In clock ticks since boot: tells a process from a later one with the same ID. */
  readonly startTime: string;
}

/** `undefined` when there is no such process, or no `/proc`. */
export const readProcessStat = (pid: number): ProcessStat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it is in brackets and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid, state: fields[0] ?? '?', group: Number(fields[2]), startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
};

/** Every process ID on this machine; none where there is no `/proc`. */
export const listProcessIds = (): number[] => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
};

/** Sends a signal to every process of a group; false when there is none left. */
export const signalGroup = (group: number, signal: NodeJS.Signals): boolean => {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
};

/** Kills what is left of a group, and waits until nothing of it runs. */
export const endGroup = async (group: number): Promise<void> => {
  while (isGroupAlive(group)) {
    signalGroup(group, 'SIGKILL');
    await sleep(10);
  }
};

const isGroupAlive = (group: number): boolean => {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const members = listProcessIds().flatMap((pid) => readProcessStat(pid) ?? []);
  // Without /proc the kernel's answer counts; with it, what only waits for its parent to take note does not.
  return members.length === 0 || members.some((member) => member.group === group && !'ZX'.includes(member.state));
};
