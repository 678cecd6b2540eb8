import { readlinkSync } from 'node:fs';

import { endGroup, listProcessIds, readProcessStat, signalGroup } from '../trivy/process-group.ts';

export interface GroupGuard extends Disposable {
  readonly onGroup: (group: number, alive: boolean) => void;
}

/** Kills a process group when this process exits without waiting for it. */
export const guardGroup = (): GroupGuard => {
  const groups = new Set<number>();
  const endAll = (): void => groups.forEach((group) => signalGroup(group, 'SIGKILL'));
  process.once('exit', endAll);
  return {
    onGroup: (group, alive) => (alive ? groups.add(group) : groups.delete(group)),
    [Symbol.dispose]: () => process.off('exit', endAll),
  };
};

/** Ends the groups of all processes whose working directory's path starts so: whoever started them there is gone. */
export const endOrphansIn = async (start: string): Promise<void> => {
  for (const pid of listProcessIds()) {
    const group = readProcessStat(pid)?.group;
    if (group !== undefined && group !== ownGroup() && workingDirectory(pid).startsWith(start)) await endGroup(group);
  }
};

const ownGroup = (): number | undefined => readProcessStat(process.pid)?.group;

/** Empty where nobody may know it. */
const workingDirectory = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};
