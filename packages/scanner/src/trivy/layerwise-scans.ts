import type { Failure, Log, PlannedImage, PlannedScan, ScanRequest, ScanSubject } from '@scanner/core';

import { shareOfFree, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import type { ImageExport } from '../image-export/image-export.ts';
import { groupByBase } from './export-groups.ts';
import type { ExportGroup } from './export-groups.ts';
import type { JavaSupply } from './java-supply.ts';
import type { KnownLayer, KnownLayers } from './known-layers.ts';
import type { LayerMatcher } from './layer-matcher.ts';
import type { LayerPulls, LeftToTrivy } from './layer-pulls.ts';
import type { LayerNames } from './layer-names.ts';
import { scanManner } from './match-options.ts';
import type { ScanManner } from './match-options.ts';
import type { RememberedImage, RememberedImages } from './remembered-images.ts';
import type { ScanResult } from './scan-result.ts';
import { ScanSlots } from './scan-slots.ts';
import type { Session } from './session.ts';
import type { TimeBudget } from './time-budget.ts';
import type { TrivyRunner } from './trivy-runner.ts';

export interface LayerwiseParts {
  /** Null where images cannot be exported: then only what is known already is matched. */
  readonly source: ImageExport | null;
  readonly session: Session;
  readonly runner: TrivyRunner;
  readonly java: JavaSupply;
  readonly slots: ScanSlots;
  readonly layers: KnownLayers;
  readonly names: LayerNames;
  readonly remembered: RememberedImages;
  readonly gunzip: GunzipProgram | null;
  readonly matcher: LayerMatcher;
  /** Asked once, when the first image of a registry is not known. */
  readonly openPulls: () => Promise<LayerPulls>;
  /** Matches at once: they are short, and wait for no analysis. */
  readonly matches: ScanSlots;
  readonly log: Log;
}

/** What its layers come to. */
interface Done {
  readonly status: 'done';
  readonly result: ScanResult;
  /** Whether any of its layers was analysed for this pass. */
  readonly analysed: boolean;
}

export type LayerwiseOutcome =
  | Done
  | { readonly status: 'failed'; readonly reason: Failure }
  /** It is not known by its layers, or cannot be scanned by them. */
  | LeftToTrivy;

const LEFT: LeftToTrivy = { status: 'left', apart: false };

interface Planned {
  readonly image: PlannedImage;
  readonly extraArgs: readonly string[];
  /** Settles when all has been done for its layers. */
  readonly prepared: Promise<void>;
  readonly analysed: boolean;
}

interface PreparedGroup<Image extends PlannedImage> extends ExportGroup<Image> {
  readonly prepared: Promise<void>;
}

/** Exports at once: more would not be faster on two cores, and each takes its share of the disk. */
const EXPORTS_AT_ONCE = 2;
const DEFAULT_TIMEOUT_SECONDS = 900;
/** What a match may take of the time that is left, so that a process can still do it, and at most. */
const MATCH_SHARE = 1 / 3;
const LONGEST_MATCH_MS = 60_000;

/** Scans images by their layers: every layer is analysed once, and every image matched without a process of its own. */
export class LayerwiseScans implements AsyncDisposable {
  readonly #parts: LayerwiseParts;
  readonly #planned = new Map<string, Planned>();
  #pulls: Promise<LayerPulls | null> | undefined;
  /** Then what is pulled would be pulled again by a process. */
  #matchingFailed = false;
  #warned = false;

  constructor(parts: LayerwiseParts) {
    this.#parts = parts;
  }

  /** @see ImageScanner.plan */
  async *plan<Image extends PlannedImage>(
    images: readonly Image[],
    { extraArgs = [], timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: PlannedScan,
    signal: AbortSignal,
  ): AsyncGenerator<Image, void, undefined> {
    const manner = scanManner(extraArgs);
    const plannable = manner.match === null ? [] : images.filter(({ layers }) => layers.length > 0);
    if (plannable.length > 0) this.#parts.matcher.prepare();
    const { known = [], unknown = [] } = Object.groupBy(plannable, (image) =>
      this.#layersOf(image, manner) === null ? 'unknown' : 'known',
    );
    for (const image of known)
      this.#planned.set(image.id, { image, extraArgs, prepared: Promise.resolve(), analysed: false });
    const groups = await this.#analyseGroups(unknown, { manner, extraArgs, timeoutSeconds }, signal);
    const inGroups = new Set(groups.flatMap((group) => group.images));
    yield* images.filter((image) => !inGroups.has(image));
    yield* imagesOf(groups);
  }

  /** @param time what the scan may take, of which this takes its part */
  async scan(request: ScanRequest, time: TimeBudget, signal: AbortSignal): Promise<LayerwiseOutcome> {
    const { subject, keepReportAt, extraArgs = [] } = request;
    if (keepReportAt !== undefined) return LEFT;
    if (subject.source === 'remote') return this.#scanRemote(subject, extraArgs, time, signal);
    const planned = subject.source === 'docker' ? this.#planned.get(subject.id) : undefined;
    if (planned === undefined || !isSame(planned.extraArgs, extraArgs)) return LEFT;
    const { image, prepared, analysed } = planned;
    if ((subject.platform ?? image.platform) !== image.platform) return LEFT;
    await prepared;
    const asScanned = { imageId: image.id, digest: null, layers: image.layers };
    return (await this.#match(asScanned, analysed, scanManner(extraArgs), time, signal)) ?? LEFT;
  }

  /** @see ImageScanner.knows */
  knows({ subject, keepReportAt, extraArgs = [] }: ScanRequest): boolean {
    const image = keepReportAt === undefined ? this.#parts.remembered.find(subject) : undefined;
    const manner = scanManner(extraArgs);
    return image !== undefined && manner.match !== null && this.#layersOf(image, manner) !== null;
  }

  /** Takes note of what a scan said an image of a registry is made of. */
  remember({ subject }: ScanRequest, result: ScanResult): void {
    this.#parts.remembered.remember(subject, result);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#pulls)?.[Symbol.asyncDispose]();
  }

  async #scanRemote(
    subject: Extract<ScanSubject, { source: 'remote' }>,
    extraArgs: readonly string[],
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<LayerwiseOutcome> {
    const { remembered, matcher } = this.#parts;
    const manner = scanManner(extraArgs);
    const image = remembered.find(subject);
    const matched = image === undefined ? null : await this.#match(image, false, manner, time, signal);
    if (matched !== null) return matched;
    const pulls = manner.match === null || this.#matchingFailed ? null : await this.#openedPulls();
    if (pulls === null) return LEFT;
    const how = { analysis: manner.analysis, extraArgs, time, onFound: () => matcher.prepare() };
    const pulled = await pulls.pull(subject, how, signal);
    if (pulled.status !== 'pulled') return pulled;
    const done = await this.#match(pulled.image, pulled.image.analysed, manner, time, signal);
    if (done === null) this.#matchingFailed = !signal.aborted;
    else remembered.remember(subject, done.result);
    return done ?? LEFT;
  }

  /** Null where there are none to be had: the plain way says what is wrong. */
  #openedPulls(): Promise<LayerPulls | null> {
    this.#pulls ??= this.#parts.openPulls().catch((error: unknown) => {
      this.#parts.log.debug('layers cannot be pulled by themselves', { error });
      return null;
    });
    return this.#pulls;
  }

  async #match(
    image: Omit<RememberedImage, 'layers'> & { readonly layers: readonly string[] },
    analysed: boolean,
    manner: ScanManner,
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<Done | null> {
    const { matcher, matches } = this.#parts;
    const { imageId, digest } = image;
    const layers = this.#layersOf(image, manner);
    const options = manner.match;
    if (layers === null || options === null) return null;
    const { match } = await matches.run('one', signal, () =>
      time.during(async (leftMs) => {
        const limitMs = Math.min(LONGEST_MATCH_MS, leftMs * MATCH_SHARE);
        return { match: await matcher.match(layers, options, signal, limitMs), waitedMs: 0 };
      }),
    );
    if (match === null) return null;
    const result = { ...match, reason: null, imageId, digest, layers: [...image.layers] };
    return { status: 'done', result, analysed };
  }

  /** Null where one of them is not known. */
  #layersOf({ layers }: { readonly layers: readonly string[] }, { analysis }: ScanManner): KnownLayer[] | null {
    const known = layers.map((diffId) => this.#parts.layers.find(analysis, diffId));
    return known.every((layer) => layer !== undefined) ? known : null;
  }

  async #analyseGroups<Image extends PlannedImage>(
    images: readonly Image[],
    { manner, extraArgs, timeoutSeconds }: Required<PlannedScan> & { readonly manner: ScanManner },
    signal: AbortSignal,
  ): Promise<readonly PreparedGroup<Image>[]> {
    const { source, session } = this.#parts;
    if (source === null || images.length === 0) return [];
    const { GroupAnalysis } = await import('./group-analysis.ts');
    const budget = await shareOfFree(session.directory, SHARE_OF_DISK);
    const share = budget / EXPORTS_AT_ONCE;
    const groups = groupByBase(images, share);
    const exports = new ScanSlots(EXPORTS_AT_ONCE);
    return groups.map((group) => {
      const maxBytes = group.isAlone ? budget : share;
      const analysis = new GroupAnalysis(
        { ...this.#parts, source },
        { analysis: manner.analysis, extraArgs, timeoutSeconds, maxBytes },
      );
      const prepared = exports
        .run(group.isAlone ? 'all' : 'one', signal, () => analysis.run(group, signal))
        .catch((error: unknown) => this.#warn(error, signal));
      for (const image of group.images) this.#planned.set(image.id, { image, extraArgs, prepared, analysed: true });
      return { ...group, prepared };
    });
  }

  #warn(error: unknown, signal: AbortSignal): void {
    if (this.#warned || signal.aborted) return;
    this.#warned = true;
    this.#parts.log.warn('images could not be exported together: each is analysed by a Trivy process of its own', {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Those of a group when all has been done for it, whichever comes first. */
const imagesOf = async function* <Image extends PlannedImage>(
  groups: readonly PreparedGroup<Image>[],
): AsyncGenerator<Image, void, undefined> {
  const left = new Set(groups);
  while (left.size > 0) {
    const done = await Promise.race([...left].map((group) => group.prepared.then(() => group)));
    left.delete(done);
    yield* done.images;
  }
};

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);
