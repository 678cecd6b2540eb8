import { hash } from 'node:crypto';

import type { BlobCache } from '@scanner/core';
import { z } from 'zod';

import { isIntertwined, layerContents } from './layer-contents.ts';
import { BLOB_PREFIX, isBlobKey, parseOrNull } from './scan-trace.ts';

/** What the analysis of a layer holds, as far as it matters to whoever matches it. */
const Holding = z.enum(['osPackages', 'languagePackages', 'applications', 'buildInfo', 'other']);
type Holding = z.infer<typeof Holding>;

const KnownLayer = z.object({
  /** Trivy's name for the analysis. */
  blob: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  holds: z.array(Holding),
  /** Where its applications lie, as hashes; missing where there are too many, or it is not known. */
  applications: z.array(z.string()).optional(),
  /** Whether what there is in the end takes a closer look, at what this and other layers hold where. */
  intertwined: z.boolean(),
  /** The release of its package repositories. */
  repository: z.string().nullable(),
});
/** A layer whose analysis is in the scan cache. */
export type KnownLayer = z.infer<typeof KnownLayer>;

const Analysis = z.looseObject({
  DiffID: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  BuildInfo: z.unknown().optional(),
  Applications: z.array(z.object({ FilePath: z.string().nullish() })).nullish(),
});
type Analysis = z.infer<typeof Analysis>;

/** One that was seen in a scan. */
export interface SeenLayer extends KnownLayer {
  readonly diffId: string;
}

/** Fields that say which layer it is and nothing of what is in it. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['SchemaVersion', 'Size', 'Digest', 'DiffID', 'CreatedBy']);
/** Which fields a description has: those of another are not read. */
const DESCRIPTION = 2;
const MOST_APPLICATIONS = 5000;
/** Of a hash: two places that are taken for one cost time, and no finding. */
const HASH_DIGITS = 10;

/**
 * Knows which analysis belongs to which layer, learned from what Trivy stores and kept beside it in the scan cache:
 * Trivy names analyses by hashes of its own making. Each is of one Trivy version and one way of analysing.
 */
export class KnownLayers {
  readonly #cache: BlobCache;
  readonly #trivyVersion: string;
  readonly #found = new Map<string, KnownLayer>();
  readonly #seen = new Map<string, SeenLayer>();

  constructor(cache: BlobCache, trivyVersion: string) {
    this.#cache = cache;
    this.#trivyVersion = trivyVersion;
  }

  find(analysis: string, diffId: string): KnownLayer | undefined {
    const key = this.#key(analysis, diffId);
    const found = this.#found.get(key) ?? this.#read(key);
    if (found !== undefined) this.#found.set(key, found);
    return found;
  }

  /** Takes note of an analysis that Trivy stored, or read. */
  learn(analysis: string, cacheKey: string, value: Buffer): void {
    if (!isBlobKey(cacheKey)) return;
    const blob = cacheKey.slice(BLOB_PREFIX.length);
    const early = DIFF_ID_IN_HEAD.exec(value.toString('latin1', 0, 512))?.[1];
    const found = early === undefined ? undefined : this.find(analysis, early);
    const seen =
      early !== undefined && found?.blob === blob
        ? { ...found, diffId: early }
        : this.#describe(analysis, cacheKey, value);
    if (seen !== null) this.#seen.set(cacheKey, seen);
  }

  /** What an analysis holds that {@link learn} was told of. */
  seen(cacheKey: string): SeenLayer | undefined {
    return this.#seen.get(cacheKey);
  }

  #describe(analysis: string, cacheKey: string, value: Buffer): SeenLayer | null {
    const seen = describeLayer(cacheKey, value);
    if (seen === null) return null;
    const { diffId, ...known } = seen;
    const key = this.#key(analysis, diffId);
    if (this.#cache.set(key, Buffer.from(JSON.stringify(known)))) this.#found.set(key, known);
    return seen;
  }

  #read(key: string): KnownLayer | undefined {
    const kept = this.#cache.get(key);
    if (kept === undefined) return undefined;
    const known = KnownLayer.safeParse(parseOrNull(kept)).data;
    return known !== undefined && this.#cache.has(`${BLOB_PREFIX}${known.blob}`) ? known : undefined;
  }

  #key(analysis: string, diffId: string): string {
    return `gts::layer::${DESCRIPTION}::${this.#trivyVersion}::${analysis}::${diffId}`;
  }
}

const DIFF_ID_IN_HEAD = /"DiffID":"(sha256:[0-9a-f]{64})"/;

/** Null for what makes no sense. */
export const describeLayer = (cacheKey: string, value: Buffer): SeenLayer | null => {
  const stored = parseOrNull(value);
  const analysis = Analysis.safeParse(stored).data;
  if (analysis === undefined) return null;
  const contents = layerContents(stored);
  const { DiffID, Applications, ...others } = analysis;
  const holds: Holding[] = [];
  if (contents.listed.some(({ what, isFilled }) => isFilled && what === 'system')) holds.push('osPackages');
  if (contents.listed.some(({ what, isFilled }) => isFilled && what !== 'system')) holds.push('languagePackages');
  if (Applications?.length) holds.push('applications');
  if (others.BuildInfo !== undefined) holds.push('buildInfo');
  if (Object.keys(others).some((field) => !SAYS_NOTHING.has(field))) holds.push('other');
  return {
    diffId: DiffID,
    blob: cacheKey.slice(BLOB_PREFIX.length),
    holds,
    ...placesOf(Applications ?? []),
    intertwined: isIntertwined(contents),
    repository: contents.repository,
  };
};

const placesOf = (found: NonNullable<Analysis['Applications']>): Pick<KnownLayer, 'applications'> => {
  if (found.length > MOST_APPLICATIONS) return {};
  const places = new Set(found.map(({ FilePath }) => FilePath ?? ''));
  return { applications: [...places].map((place) => hash('sha256', place, 'hex').slice(0, HASH_DIGITS)) };
};
