import { statfs } from 'node:fs/promises';

import type { Check } from '@scanner/core';
import { checkDirectory } from '@scanner/store';

import { bad, type CheckParts, good, odd } from './check.ts';

const GIGABYTE = 1_000_000_000;
/** Room for a database beside the one in use and for the layers of an image or two. */
const COMFORTABLE_BYTES = 5 * GIGABYTE;

/** Whether every directory can be written, and whether there is room where Trivy works. */
export const checkDirectories = async ({ place }: CheckParts): Promise<Check[]> => [
  await checkWritable('logs', place.logs),
  await checkWritable('state', place.state),
  await checkWritable('cache', place.cache),
  await checkSpace(place.cache),
];

const checkWritable = async (name: string, path: string): Promise<Check> => {
  try {
    await checkDirectory(path);
    return good(name, `${path} can be written`);
  } catch (error) {
    return bad(name, error);
  }
};

const checkSpace = async (path: string): Promise<Check> => {
  try {
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    const message = `${(free / GIGABYTE).toFixed(1)} GB free for the cache and temporary files in ${path}`;
    return free < COMFORTABLE_BYTES
      ? odd(
          'disk',
          message,
          `free some space, or set TRIVY_CACHE_DIR to a larger disk; ${COMFORTABLE_BYTES / GIGABYTE} GB are comfortable`,
        )
      : good('disk', message);
  } catch (error) {
    return isMissing(error) ? odd('disk', `${path} is not there, so its space is unknown`, null) : bad('disk', error);
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
