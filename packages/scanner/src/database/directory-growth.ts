import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 500;

export interface GrowthWatch extends AsyncDisposable {
  /** Aborts once the directory has not changed in size for too long. */
  readonly stalled: AbortSignal;
}

/** Watches what is written below a directory, since that shows whether a download goes on. */
export const watchGrowth = (
  directory: string,
  stallMs: number,
  onBytes: (bytes: number) => void = () => {},
): GrowthWatch => {
  const stalled = new AbortController();
  const ended = new AbortController();
  const watching = watch(directory, stallMs, onBytes, stalled, ended.signal);
  return {
    stalled: stalled.signal,
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await watching;
    },
  };
};

const watch = async (
  directory: string,
  stallMs: number,
  onBytes: (bytes: number) => void,
  stalled: AbortController,
  ended: AbortSignal,
): Promise<void> => {
  let bytes = 0;
  let changedAt = performance.now();
  while (!ended.aborted && !stalled.signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => {});
    const now = await sizeBelow(directory);
    if (now !== bytes) {
      bytes = now;
      changedAt = performance.now();
      onBytes(bytes);
    }
    if (performance.now() - changedAt >= stallMs) stalled.abort();
  }
};

/** Counts what is there; files come and go meanwhile. */
const sizeBelow = async (directory: string): Promise<number> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};
