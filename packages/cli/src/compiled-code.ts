import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Has Node keep what it makes of this program's code beside what else the user's commands share, for the next start: it
 * takes a third of what a short command takes. Without a home, or where that cannot be written, nothing is kept.
 */
export const keepCompiledCode = (env: NodeJS.ProcessEnv): void => {
  const cacheHome = env['XDG_CACHE_HOME'] || (env['HOME'] && join(env['HOME'], '.cache'));
  const directory = cacheHome && join(cacheHome, 'gts', 'code');
  if (directory && isMade(directory)) enableCompileCache(directory);
};

/** Node makes it too, and never ends where the system denies a directory that cannot be made, as below `/proc`. */
const isMade = (directory: string): boolean => {
  const parent = dirname(directory);
  const failure = make(directory);
  return failure === 'ENOENT' && parent !== directory && isMade(parent) ? isThere(make(directory)) : isThere(failure);
};

const isThere = (failure: unknown): boolean => failure === undefined || failure === 'EEXIST';

/** @returns why it could not be made; undefined where it was */
const make = (directory: string): unknown => {
  try {
    mkdirSync(directory);
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};
