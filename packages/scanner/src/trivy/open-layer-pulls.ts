import type { Clock } from '@scanner/core';
import type { Dispatcher } from 'undici';

import { RegistryImages } from '../registry/registry-images.ts';
import { LayerPulls } from './layer-pulls.ts';
import type { LayerPullsParts } from './layer-pulls.ts';
import type { RegistryCredentials } from './registry-credentials.ts';

/** What carries our own requests to registries; disposing ends those that are under way. */
export interface Network extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
}

export interface RegistryAccess {
  readonly credentials: RegistryCredentials;
  /** Mirrors by registry host. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** undici's own way unless told. */
  readonly openNetwork: (() => Promise<Network>) | undefined;
  readonly clock: Clock;
}

/**
 * Loaded when the first image of a registry is not known: passes over a host have no use for it.
 *
 * @throws ScannerError `setting_invalid` for a mirror that is none
 */
export const openLayerPulls = async (
  parts: Omit<LayerPullsParts, 'images' | 'close'>,
  { openNetwork, ...access }: RegistryAccess,
): Promise<LayerPulls> => {
  await using opened = new AsyncDisposableStack();
  const network = openNetwork === undefined ? undefined : opened.use(await openNetwork());
  const images = new RegistryImages({ ...access, dispatcher: network?.dispatcher });
  const standing = opened.move();
  return new LayerPulls({ ...parts, images, close: () => standing.disposeAsync() });
};
