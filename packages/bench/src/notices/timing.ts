import { readFileSync } from 'node:fs';

export interface Timed<T> {
  readonly value: T;
  readonly milliseconds: number;
}

export function timed<T>(work: () => T): Timed<T> {
  const start = performance.now();
  const value = work();
  return { value, milliseconds: performance.now() - start };
}

/** The most memory that this process has held so far, in bytes. */
export function peakMemory(): number {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}
