import { join } from 'node:path';

import { type CommandContext, placeOf } from '@scanner/app';
import { composeScanner, engineEndpoint } from '@scanner/app/host';
import type { Settings } from '@scanner/core/config';
import { createDockerEngine, type TrivyScanner } from '@scanner/scanner';
import { checkDirectory, createLockKeeper, openBlobCache } from '@scanner/store';

/** A scanner for images that are named, with the scan cache of this user; many commands may have one at once. */
export const openForImages = async (
  context: CommandContext,
  settings: Settings,
): Promise<AsyncDisposable & { readonly scanner: TrivyScanner }> => {
  await using opened = new AsyncDisposableStack();
  const place = placeOf(settings, context.cwd);
  await checkDirectory(place.cache);
  const endpoint = await engineEndpoint(context, settings);
  const blobCache = opened.use(openBlobCache(join(place.cache, 'scan-cache.db'), { log: context.console.log }));
  const locks = createLockKeeper();
  const engine = createDockerEngine(endpoint, { log: context.console.log });
  const parts = { context, settings, place, endpoint, engine, blobCache, locks };
  const composed = await composeScanner(parts, context.signal);
  const scanner = opened.use(await composed.open());
  const standing = opened.move();
  return { scanner, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};
