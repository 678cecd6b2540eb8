import { z } from 'zod';

const MAX_IMAGES = 256;
const MAX_TEXT = 4096;

/** Absent, null or of another kind than expected: all the same to us. */
const text = z.string().max(MAX_TEXT).nullish().catch(null);
const count = z.number().nonnegative().nullish().catch(null);

/** One page of any list. Rows are looked at one by one, so that a bad one costs only itself. */
export const PageAnswer = z.object({
  count: z.int().nonnegative().nullish().catch(null),
  next: z.string().nullish().catch(null),
  /** Null stands for none. */
  results: z
    .array(z.unknown())
    .nullable()
    .transform((rows) => rows ?? []),
});
export type PageAnswer = z.infer<typeof PageAnswer>;

export const RepositoryRow = z.object({
  name: z.string().min(1).max(255),
  repository_type: text,
  description: z.string().nullish().catch(null),
  pull_count: count,
  star_count: count,
  last_updated: text,
});
export type RepositoryRow = z.infer<typeof RepositoryRow>;

/** One platform of a tag; attestations are listed as `unknown/unknown`. */
export const PlatformRow = z.object({
  os: text,
  architecture: text,
  variant: text,
  digest: text,
});
export type PlatformRow = z.infer<typeof PlatformRow>;

export const TagRow = z.object({
  name: z.string().max(MAX_TEXT),
  digest: text,
  media_type: text,
  content_type: text,
  full_size: count,
  last_updated: text,
  tag_last_pushed: text,
  images: z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((rows) => (rows ?? []).slice(0, MAX_IMAGES).flatMap(readPlatform)),
});
export type TagRow = z.infer<typeof TagRow>;

const readPlatform = (row: unknown): PlatformRow[] => {
  const platform = PlatformRow.safeParse(row);
  return platform.success ? [platform.data] : [];
};

export const LoginAnswer = z.object({ access_token: z.string().min(1).max(16_384) });
export type LoginAnswer = z.infer<typeof LoginAnswer>;

export const TokenClaims = z.object({ iat: z.number(), exp: z.number() });
export type TokenClaims = z.infer<typeof TokenClaims>;

/** What an answer other than 200 says of itself. */
export const RefusalAnswer = z.object({ message: z.string().catch(''), detail: z.string().catch('') });
export type RefusalAnswer = z.infer<typeof RefusalAnswer>;

/** A kept answer, as it lies in the cache. */
export const CachedAnswer = z.object({
  key: z.string(),
  /** Milliseconds since 1970. */
  storedAt: z.number(),
  /** `null` for what Docker Hub does not have. */
  body: z.unknown(),
});
export type CachedAnswer = z.infer<typeof CachedAnswer>;
