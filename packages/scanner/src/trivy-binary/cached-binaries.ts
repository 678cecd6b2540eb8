import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { compareForUse } from './trivy-version.ts';

/** Where a cache directory keeps its Trivys: one directory each, `<version>-<what made it>`. */
export const binariesDirectory = (cacheDir: string): string => join(cacheDir, 'trivy');

export interface CachedBinary {
  readonly path: string;
  /** As its directory is named, not yet as it says itself. */
  readonly version: string;
  /** What made it: `release-` and the archive's hash, or the hash of the `go.sum` that it was built from. */
  readonly origin: string;
}

/** What was installed into a cache, the newest version first and releases before builds. */
export const listCachedBinaries = async (cacheDir: string): Promise<readonly CachedBinary[]> => {
  const directory = binariesDirectory(cacheDir);
  return (await readNames(directory)).flatMap((name) => parseName(directory, name)).toSorted(byUse);
};

const readNames = async (directory: string): Promise<readonly string[]> => {
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
};

const parseName = (directory: string, name: string): readonly CachedBinary[] => {
  const match = /^(\d+\.\d+\.\d+)-((?:release-)?[0-9a-f]{12})$/v.exec(name);
  if (match?.[1] === undefined || match[2] === undefined) return [];
  return [{ path: join(directory, name, 'trivy'), version: match[1], origin: match[2] }];
};

const byUse = (a: CachedBinary, b: CachedBinary): number =>
  compareForUse(a.version, b.version) || Number(isRelease(b)) - Number(isRelease(a)) || (a.path < b.path ? -1 : 1);

const isRelease = ({ origin }: CachedBinary): boolean => origin.startsWith('release-');
