import { readdirSync, readFileSync } from 'node:fs';

/** The process IDs of what a process has started, and of what those have, the youngest first. */
export function childrenOf(pid: number): readonly number[] {
  const own = threadsOf(pid).flatMap((thread) => idsIn(`/proc/${pid}/task/${thread}/children`));
  return [...own.flatMap(childrenOf), ...own];
}

/** With its arguments; empty for what is gone. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** @returns whether it was still there */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function idsIn(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  } catch {
    return [];
  }
}
