import { realpath, stat } from 'node:fs/promises';

import type { Log } from '@scanner/core';

import { describeForeignHands, findInSearchPath } from '../trivy-binary/executable-file.ts';

/**
 * The igzip of a search path, as an absolute path: the program of Intel's ISA-L, Debian's package `isal`. Null where there
 * is none, and where others could put something else in its place.
 */
export const findIgzip = async (searchPath: string, log: Log): Promise<string | null> => {
  const found = await findInSearchPath('igzip', searchPath);
  if (found === null) return null;
  const path = await realpath(found);
  const foreignHands = describeForeignHands({ path, stats: await stat(path) });
  if (foreignHands === null) return path;
  log.warn(`igzip is not used: ${foreignHands}`);
  return null;
};
