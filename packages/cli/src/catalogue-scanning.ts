import { join } from 'node:path';

import { type CommandContext, placeOf } from '@scanner/app';
import { networkDispatcher, registryCredentials } from '@scanner/app/host';
import { type ImageScanner, type ManifestDigests, systemClock } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { createManifestDigests, sweepSessions } from '@scanner/scanner';
import { createLockKeeper } from '@scanner/store';

import { openForImages } from './open-for-images.ts';

/** What scans the images of tools. */
export interface CatalogueScanning extends AsyncDisposable {
  readonly scanner: ImageScanner;
  readonly digests: ManifestDigests;
}

/** Finds Trivy, brings its database up to date, and makes ready to ask registries; with the scan cache of this user. */
export const openForTools = async (context: CommandContext, settings: Settings): Promise<CatalogueScanning> => {
  await using opened = new AsyncDisposableStack();
  const { dispatcher } = opened.use(networkDispatcher({ env: context.env, log: context.console.log }));
  const digests = createManifestDigests({
    credentials: registryCredentials(context),
    mirrors: settings.REGISTRY_MIRRORS,
    dispatcher,
    clock: systemClock,
    log: context.console.log,
  });
  const { scanner } = opened.use(await openForImages(context, settings));
  const standing = opened.move();
  return { scanner, digests, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};

/** Ends what killed scans left where no scanner is opened, which does so else. */
export const endLeftScans = async (context: CommandContext, settings: Settings): Promise<void> => {
  const { cache } = placeOf(settings, context.cwd);
  await sweepSessions(join(cache, 'work'), createLockKeeper(), context.console.log);
};
