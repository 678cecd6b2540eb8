import { createRequire } from 'node:module';
import { join } from 'node:path';

import { type Log, makeDirectories } from '@scanner/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { DEFAULT_MIRROR_URL, getTrustedRoot } from '@sigstore/tuf';
import { z } from 'zod';

import { ownManifest } from '../own-package.ts';

const TIMEOUT_MS = 5000;

/** What the package brings for each server it knows, files in base64. */
const Seeds = z.object({
  [DEFAULT_MIRROR_URL]: z.object({ targets: z.object({ 'trusted_root.json': z.base64() }) }),
});

export interface SigstoreRootOptions {
  /** Where the update framework keeps what it fetched. */
  readonly cacheDir: string;
  readonly log: Log;
  /** Where updates come from; sigstore's own server unless told otherwise. */
  readonly updatesUrl?: string;
}

/**
 * What sigstore's public instance is trusted by: the newest root, where its update server is within reach, else the
 * one that was shipped with the installed package. Either is anchored in code; whoever keeps us from updating can keep
 * us from learning of a withdrawn key, but cannot bring in one of their own.
 */
export const loadSigstoreRoot = async ({ cacheDir, log, updatesUrl }: SigstoreRootOptions): Promise<TrustedRoot> => {
  const cachePath = join(cacheDir, 'sigstore');
  try {
    await makeDirectories(cachePath);
    return await getTrustedRoot({
      cachePath,
      mirrorURL: updatesUrl ?? DEFAULT_MIRROR_URL,
      timeout: TIMEOUT_MS,
      retry: { retries: 0 },
    });
  } catch (error) {
    log.warn('sigstore trust root not updated, using the one shipped with this program', {
      reason: error instanceof Error ? error.message : String(error),
    });
    return shippedRoot();
  }
};

const shippedRoot = (): TrustedRoot => {
  const seeds = Seeds.parse(createRequire(ownManifest())('@sigstore/tuf/seeds.json'));
  const root = Buffer.from(seeds[DEFAULT_MIRROR_URL].targets['trusted_root.json'], 'base64');
  return TrustedRoot.fromJSON(JSON.parse(root.toString('utf8')));
};
