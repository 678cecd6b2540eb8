import { isArtifactTag, isTagName } from '@scanner/core';

import type { PlatformRow, TagRow } from '../schema.ts';

/** Why a tag is not one of an image that could be scanned. */
export type TagVerdict =
  | 'kept'
  | 'bad_name'
  | 'signature'
  | 'not_an_image'
  | 'unreadable_format'
  | 'empty'
  | 'not_linux';

const OTHER_MEDIA = /\.(?:helm|plugin|ai\.model|wasm)\b/;
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:prettyjws|json)$/;

/**
 * Tells whether a tag may carry a Linux image. What Docker Hub does not say speaks for the tag: platforms are missing
 * from sound tags too.
 */
export const judgeTag = (tag: TagRow): TagVerdict => {
  if (!isTagName(tag.name)) return 'bad_name';
  if (isArtifactTag(tag.name)) return 'signature';
  if (isOtherContent(tag)) return 'not_an_image';
  if (SCHEMA_1.test(tag.media_type ?? '')) return 'unreadable_format';
  if (tag.images.length === 0) return tag.full_size === 0 ? 'empty' : 'kept';
  return mayBeLinux(tag.images) ? 'kept' : 'not_linux';
};

/** The platforms that are named; attestations are listed as the platform `unknown`. */
export const namedPlatforms = (platforms: readonly PlatformRow[]): PlatformRow[] =>
  platforms.filter(({ os }) => os !== 'unknown');

const isOtherContent = ({ content_type: kind, media_type: media }: TagRow): boolean =>
  (typeof kind === 'string' && kind !== '' && kind !== 'image') || OTHER_MEDIA.test(media ?? '');

const mayBeLinux = (platforms: readonly PlatformRow[]): boolean => {
  const named = namedPlatforms(platforms);
  return named.length === 0 || named.some(({ os }) => os === 'linux' || os === '' || typeof os !== 'string');
};
