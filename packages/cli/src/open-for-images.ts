import { join } from 'node:path';

import type { Settings } from '@scanner/core/config';
import type { TrivyScanner } from '@scanner/scanner';
import { checkDirectory, createLockKeeper, openBlobCache } from '@scanner/store';

import type { CommandContext } from './command-context.ts';
import { composeScanner } from './compose.ts';
import { engineEndpoint } from './engine-endpoint.ts';
import { placeOf } from './place.ts';

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
  const scanner = opened.use(
    await composeScanner({ context, settings, place, endpoint, blobCache, locks }, context.signal),
  );
  const standing = opened.move();
  return { scanner, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};
