import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { openTrivyScanner, type TrivyScanner, VulnerabilityDatabase } from '@scanner/scanner';
import { createLockKeeper, openBlobCache } from '@scanner/store';

import type { CommandContext } from './command-context.ts';
import { findTrivy } from './compose.ts';
import { placeOf } from './place.ts';

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
  const trivy = await findTrivy({ context, settings, place: placeOf(settings, context.cwd) }, context.signal);
  await using opened = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'gts-demo-'));
  opened.defer(() => rm(directory, { recursive: true, force: true }));
  const locks = createLockKeeper();
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
      blobCache: opened.use(openBlobCache(join(directory, 'scan-cache.db'), { log })),
      workDirectory: join(directory, 'work'),
      locks,
      concurrency: settings.SCAN_CONCURRENCY,
      log,
    }),
  );
  const standing = opened.move();
  return { scanner, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};
