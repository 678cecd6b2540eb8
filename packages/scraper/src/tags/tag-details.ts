import type { TagDetails } from '@scanner/core';

import { timeOf } from '../listing/ordering.ts';
import type { PlatformRow, TagRow } from '../schema.ts';
import { namedPlatforms } from './judge-tag.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const PLATFORM_PART = /^[a-z0-9][a-z0-9._-]{0,31}$/i;

/** When the tag was pushed, in milliseconds since 1970. */
export const pushTimeOf = (tag: TagRow): number | null => timeOf(tag.tag_last_pushed) ?? timeOf(tag.last_updated);

/** What choosing a tag needs to know of it. */
export const tagDetails = (tag: TagRow): TagDetails => {
  const pushed = pushTimeOf(tag);
  return {
    name: tag.name,
    digest: typeof tag.digest === 'string' && DIGEST.test(tag.digest) ? tag.digest : null,
    platforms: [...new Set(namedPlatforms(tag.images).flatMap(platformName))],
    pushedAt: pushed === null ? null : new Date(pushed).toISOString(),
  };
};

const platformName = ({ os, architecture, variant }: PlatformRow): string[] => {
  const parts = [os, architecture, ...(variant === null || variant === '' ? [] : [variant])];
  return parts.every((part) => typeof part === 'string' && PLATFORM_PART.test(part)) ? [parts.join('/')] : [];
};
