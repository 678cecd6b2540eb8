import { hash } from 'node:crypto';

import type { BlobCache } from '@scanner/core';
import { z } from 'zod';

import { BLOB_PREFIX, isBlobKey } from './scan-trace.ts';
import { layerContents, parseOrNull } from './coverage.ts';
import type { Contents } from './coverage.ts';

/** What the analysis of a layer holds, as far as it matters to whoever matches it. */
const Holding = z.enum(['osPackages', 'languagePackages', 'applications', 'buildInfo', 'other']);
type Holding = z.infer<typeof Holding>;

const KnownLayer = z.object({
  /** Trivy's name for the analysis. */
  blob: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  holds: z.array(Holding),
  /** Where its applications lie, as hashes; missing where there are too many, or it is not known. */
  applications: z.array(z.string()).optional(),
});
/** A layer whose analysis is in the scan cache. */
export type KnownLayer = z.infer<typeof KnownLayer>;

const Analysis = z.looseObject({
  DiffID: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  BuildInfo: z.unknown().optional(),
  Applications: z.array(z.object({ FilePath: z.string().nullish() })).nullish(),
});
type Analysis = z.infer<typeof Analysis>;

/** Fields that say which layer it is and nothing of what is in it. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(['SchemaVersion', 'Size', 'Digest', 'DiffID', 'CreatedBy']);
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
  readonly #seen = new Map<string, KnownLayer>();

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
    const known = found?.blob === blob ? found : this.#describe(analysis, blob, value);
    if (known !== null) this.#seen.set(cacheKey, known);
  }

  /** What an analysis holds that {@link learn} was told of. */
  contents(cacheKey: string): Contents | undefined {
    const holds = this.#seen.get(cacheKey)?.holds;
    return holds && { osPackages: holds.includes('osPackages'), languagePackages: holds.includes('languagePackages') };
  }

  #describe(analysis: string, blob: string, value: Buffer): KnownLayer | null {
    const layer = describe(value);
    if (layer === null) return null;
    const { diffId, ...contents } = layer;
    const key = this.#key(analysis, diffId);
    const known: KnownLayer = { blob, ...contents };
    if (this.#cache.set(key, Buffer.from(JSON.stringify(known)))) this.#found.set(key, known);
    return known;
  }

  #read(key: string): KnownLayer | undefined {
    const kept = this.#cache.get(key);
    if (kept === undefined) return undefined;
    const known = KnownLayer.safeParse(parseOrNull(kept)).data;
    return known !== undefined && this.#cache.has(`${BLOB_PREFIX}${known.blob}`) ? known : undefined;
  }

  #key(analysis: string, diffId: string): string {
    return `gts::layer::${this.#trivyVersion}::${analysis}::${diffId}`;
  }
}

const DIFF_ID_IN_HEAD = /"DiffID":"(sha256:[0-9a-f]{64})"/;

const describe = (value: Buffer): ({ diffId: string } & Omit<KnownLayer, 'blob'>) | null => {
  const stored = parseOrNull(value);
  const analysis = Analysis.safeParse(stored).data;
  if (analysis === undefined) return null;
  const { osPackages, languagePackages } = layerContents(stored);
  const { DiffID, Applications, ...others } = analysis;
  const holds: Holding[] = [];
  if (osPackages) holds.push('osPackages');
  if (languagePackages) holds.push('languagePackages');
  if (Applications?.length) holds.push('applications');
  if (others.BuildInfo !== undefined) holds.push('buildInfo');
  if (Object.keys(others).some((field) => !SAYS_NOTHING.has(field))) holds.push('other');
  return { diffId: DiffID, holds, ...placesOf(Applications ?? []) };
};

const placesOf = (found: NonNullable<Analysis['Applications']>): Pick<KnownLayer, 'applications'> => {
  if (found.length > MOST_APPLICATIONS) return {};
  const places = new Set(found.map(({ FilePath }) => FilePath ?? ''));
  return { applications: [...places].map((place) => hash('sha256', place, 'hex').slice(0, HASH_DIGITS)) };
};
