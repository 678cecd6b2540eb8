import { join } from 'node:path';

import { type CommandContext, placeOf } from '@scanner/app';
import { findTrivy } from '@scanner/app/host';
import { systemClock } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { openTrivyScanner, sweepSessions, type TrivyScanner, VulnerabilityDatabase } from '@scanner/scanner';
import { createLockKeeper, openBlobCache } from '@scanner/store';

/** What SQLite calls a database without a file. */
const IN_MEMORY = ':memory:';

/**
 * A scanner on the bundled database, with nothing of it or of its results kept.
 *
 * @param bundled the directory that holds `db/` in Trivy's layout
 */
export const openDemonstration = async (
  context: CommandContext,
  settings: Settings,
  bundled: string,
): Promise<AsyncDisposable & { readonly scanner: TrivyScanner }> => {
  const { log } = context.console;
  const place = placeOf(settings, context.cwd);
  const trivy = await findTrivy({ context, settings, place }, context.signal);
  await using opened = new AsyncDisposableStack();
  const workDirectory = join(place.cache, 'work');
  const locks = createLockKeeper();
  await sweepSessions(workDirectory, locks, log);
  const database = new VulnerabilityDatabase({
    cacheDir: bundled,
    trivyPath: trivy.path,
    locks,
    log,
    clock: systemClock,
    trivyEnvironment: {},
  });
  const { generation } = await database.update({ skip: true, signal: context.signal });
  const scanner = opened.use(
    await openTrivyScanner({
      trivy,
      database: { vulnerabilities: generation, java: null, stale: false },
      blobCache: opened.use(openBlobCache(IN_MEMORY, { log })),
      workDirectory,
      locks,
      concurrency: settings.SCAN_CONCURRENCY,
      log,
    }),
  );
  const standing = opened.move();
  return { scanner, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};
