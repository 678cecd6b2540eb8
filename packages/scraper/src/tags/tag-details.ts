import type { TagDetails } from '@scanner/core';

import { timeOf } from '../listing/ordering.ts';
import type { PlatformRow, TagRow } from '../schema.ts';
import { namedPlatforms } from './judge-tag.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const PLATFORM_PART = /^[a-z0-9][a-z0-9._-]{0,31}$/i;

/** When the tag was pushed, in milliseconds since 1970. */
export const pushTimeOf = (tag: TagRow): number | null => timeOf(tag.tag_last_pushed) ?? timeOf(tag.last_updated);

/** Whether Docker Hub says which index or manifest the tag is: of single platforms it does not always. */
export const hasDigest = ({ digest }: TagRow): boolean => digestOf(digest) !== null;

/** What choosing a tag needs to know of it. */
export const tagDetails = (tag: TagRow): TagDetails => {
  const pushed = pushTimeOf(tag);
  return {
    name: tag.name,
    digest: digestOf(tag.digest),
    platforms: [...new Set(namedPlatforms(tag.images).flatMap(platformName))],
    pushedAt: pushed === null ? null : new Date(pushed).toISOString(),
  };
};

/** The same with the image of each platform, for comparing with a tag that has no digest. */
export const tagDetailsWithImages = (tag: TagRow): TagDetails => ({
  ...tagDetails(tag),
  imageDigests: namedPlatforms(tag.images).flatMap((row) => {
    const digest = digestOf(row.digest);
    return digest === null ? [] : platformName(row).map((platform) => ({ platform, digest }));
  }),
});

const digestOf = (digest: string | null | undefined): string | null =>
  typeof digest === 'string' && DIGEST.test(digest) ? digest : null;

const platformName = ({ os, architecture, variant }: PlatformRow): string[] => {
  const parts = [os, architecture, ...(variant === null || variant === '' ? [] : [variant])];
  return parts.every((part) => typeof part === 'string' && PLATFORM_PART.test(part)) ? [parts.join('/')] : [];
};
