import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const ENTRY_SUFFIX = '.json.zst';

/** Only what the cache itself writes: its entries, and what a killed process left of one. */
const OWN_NAME = /^[0-9a-f]{64}\.json\.zst(?:\.[0-9a-f-]{36}\.part)?$/;

interface EntryFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

export interface SweepLimits {
  readonly maxBytes: number;
  /** Milliseconds since 1970; what was written before goes. */
  readonly oldest: number;
}

/** Removes entries that are too old, then the oldest ones until the rest is small enough. */
export const sweepDirectory = async (directory: string, { maxBytes, oldest }: SweepLimits): Promise<void> => {
  const files = await entryFiles(directory);
  let kept = 0;
  for (const { path, bytes, writtenAt } of files.toSorted((a, b) => b.writtenAt - a.writtenAt)) {
    if (writtenAt >= oldest && kept + bytes <= maxBytes) kept += bytes;
    else await rm(path, { force: true });
  }
};

const entryFiles = async (directory: string): Promise<EntryFile[]> => {
  const files: EntryFile[] = [];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const file = OWN_NAME.test(name) ? await stat(path).catch(() => undefined) : undefined;
    if (file?.isFile() === true) files.push({ path, bytes: file.size, writtenAt: file.mtimeMs });
  }
  return files;
};
