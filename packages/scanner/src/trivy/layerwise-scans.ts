import type { Failure, Log, PlannedImage, PlannedScan, ScanRequest, ScanSubject } from '@scanner/core';

import { ExportProblem } from '../image-export/export-problem.ts';
import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import type { ImageExport } from '../image-export/image-export.ts';
import type { CheckedImages } from './checked-images.ts';
import type { ExportJudgement } from './group-analysis.ts';
import type { JavaSupply } from './java-supply.ts';
import type { KnownLayer, KnownLayers } from './known-layers.ts';
import type { LayerMatcher } from './layer-matcher.ts';
import { LEFT } from './left-to-trivy.ts';
import type { LeftToTrivy } from './left-to-trivy.ts';
import type { LayerPulls, SecondLook } from './layer-pulls.ts';
import type { LayerNames } from './layer-names.ts';
import { scanManner, usesJava } from './match-options.ts';
import type { ScanManner } from './match-options.ts';
import { imagesOf, prepareGroups } from './prepared-groups.ts';
import type { PreparedGroup } from './prepared-groups.ts';
import type { RememberedImage, RememberedImages } from './remembered-images.ts';
import type { ScanResult } from './scan-result.ts';
import type { ScanSlots } from './scan-slots.ts';
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
  readonly checkedImages: CheckedImages;
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

interface Planned {
  readonly image: PlannedImage;
  readonly extraArgs: readonly string[];
  /** Settles when all has been done for its layers. */
  readonly prepared: Promise<void>;
  readonly analysed: boolean;
  /** What its export showed; undefined where it was not exported for this, or that failed. */
  readonly judgement: () => ExportJudgement | undefined;
}

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
    const plannable = images.filter(
      ({ layers, areLayersUnknown }) => layers.length > 0 || (manner.match !== null && areLayersUnknown !== true),
    );
    if (manner.match !== null && plannable.some(({ layers }) => layers.length > 0)) this.#parts.matcher.prepare();
    const unknown: Image[] = [];
    for (const image of plannable) {
      const isKnown = this.#layersOf(image, manner) !== null && (await this.isChecked(image, signal));
      if (!isKnown) unknown.push(image);
      else this.#planned.set(image.id, { image, extraArgs, ...NOTHING_TO_DO });
    }
    const groups = await this.#analyseGroups(unknown, { manner, extraArgs, timeoutSeconds }, signal);
    const inGroups = new Set(groups.flatMap((group) => group.images));
    yield* images.filter((image) => !inGroups.has(image));
    yield* imagesOf(groups, (image) => this.#layersOf(image, manner) !== null);
  }

  /** @param time what the scan may take, of which this takes its part */
  async scan(request: ScanRequest, time: TimeBudget, signal: AbortSignal): Promise<LayerwiseOutcome> {
    const { subject } = request;
    if (subject.source === 'archive') {
      const { checkArchive } = await import('./archive-check.ts');
      return await checkArchive(subject.path, this.#parts, { extraArgs: request.extraArgs ?? [], time }, signal);
    }
    if (subject.source === 'remote') return this.#scanRemote(subject, request, time, signal);
    return await this.#scanLocal(subject, request, time, signal);
  }

  /** @see ImageScanner.isChecked */
  async isChecked(image: PlannedImage, signal: AbortSignal): Promise<boolean> {
    const holdsNothing = image.layers.length === 0 && image.areLayersUnknown !== true;
    return holdsNothing || (await this.#parts.checkedImages.has(image, signal));
  }

  /** @see ImageScanner.knows */
  knows({ subject, keepReportAt, extraArgs = [] }: ScanRequest): boolean {
    const image = keepReportAt === undefined ? this.#parts.remembered.find(subject) : undefined;
    const manner = scanManner(extraArgs);
    return image !== undefined && manner.match !== null && this.#layersOf(image, manner) !== null;
  }

  /** @see LayerPulls.lookAgain */
  async lookAgain(
    subject: Extract<ScanSubject, { source: 'remote' }>,
    imageId: string | null,
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<SecondLook> {
    return (await this.#openedPulls())?.lookAgain(subject, imageId, time, signal) ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#pulls)?.[Symbol.asyncDispose]();
  }

  async #scanLocal(
    subject: Extract<ScanSubject, { source: 'docker' }>,
    { keepReportAt, extraArgs = [] }: ScanRequest,
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<LayerwiseOutcome> {
    const planned = this.#planned.get(subject.id) ?? (await this.#planAlone(subject.id, extraArgs, time, signal));
    if (planned === undefined || !isSame(planned.extraArgs, extraArgs)) return LEFT;
    const { image, prepared, analysed } = planned;
    if ((subject.platform ?? image.platform) !== image.platform) return LEFT;
    await prepared;
    const judgement = planned.judgement();
    if (judgement?.status === 'corrupt')
      return { status: 'failed', reason: { code: 'corrupt', message: judgement.message } };
    if (!(await this.isChecked(image, signal))) return LEFT;
    const asScanned = { imageId: image.id, digest: null, layers: image.layers };
    const done =
      keepReportAt === undefined && (await this.#match(asScanned, analysed, scanManner(extraArgs), time, signal));
    if (done) return done;
    const bySource = await this.#parts.checkedImages.doesEngineCheck(signal);
    const checked = { imageId: null, layers: image.layers, bySource };
    return { status: 'left', checked, withoutJava: judgement?.withoutJava ?? false, analysed };
  }

  /** An image that was not told of beforehand; undefined where the engine says nothing of it. */
  async #planAlone(
    name: string,
    extraArgs: readonly string[],
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<Planned | undefined> {
    const image = await this.#parts.source?.describeImage?.(name, signal).catch(() => null);
    if (!image) return undefined;
    const plan = this.plan([image], { extraArgs, timeoutSeconds: time.leftMs / 1000 }, signal);
    for await (const _ of plan);
    return this.#planned.get(image.id);
  }

  async #scanRemote(
    subject: Extract<ScanSubject, { source: 'remote' }>,
    { keepReportAt, extraArgs = [] }: ScanRequest,
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<LayerwiseOutcome> {
    const { remembered, matcher } = this.#parts;
    const manner = scanManner(extraArgs);
    const isMatched = keepReportAt === undefined;
    const image = remembered.find(subject);
    const matched = isMatched && image !== undefined && (await this.#match(image, false, manner, time, signal));
    if (matched) return matched;
    const pulls = manner.match === null || (isMatched && this.#matchingFailed) ? null : await this.#openedPulls();
    if (pulls === null) return LEFT;
    const onFound = (): void => (isMatched ? matcher.prepare() : undefined);
    const how = { analysis: manner.analysis, usesJava: usesJava(manner), extraArgs, time, onFound };
    const pulled = await pulls.pull(subject, how, signal);
    if (pulled.status !== 'pulled') return pulled;
    const { imageId, layers, analysed } = pulled.image;
    const left: LeftToTrivy = { ...LEFT, checked: { imageId, layers, bySource: false }, analysed };
    if (!isMatched) return left;
    const done = await this.#match(pulled.image, pulled.image.analysed, manner, time, signal);
    if (done === null) this.#matchingFailed = !signal.aborted;
    else remembered.remember(subject, done.result);
    return done ?? left;
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
    const result = { ...match, imageId, digest, layers: [...image.layers] };
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
    const { source } = this.#parts;
    if (source === null) return [];
    const preparation = {
      parts: { ...this.#parts, source },
      manner: { analysis: manner.analysis, usesJava: usesJava(manner), extraArgs, timeoutSeconds },
      onFailed: (error: unknown) => this.#warn(error, signal),
    };
    const groups = await prepareGroups(images, preparation, signal);
    for (const { images: together, prepared, judgementOf } of groups)
      for (const image of together)
        this.#planned.set(image.id, {
          image,
          extraArgs,
          prepared,
          analysed: true,
          judgement: () => judgementOf(image),
        });
    return groups;
  }

  #warn(error: unknown, signal: AbortSignal): void {
    const isAboutImages = error instanceof ExportProblem && error.kind === 'incomplete';
    if (this.#warned || signal.aborted || isAboutImages) return;
    this.#warned = true;
    this.#parts.log.warn('images could not be exported together: each is analysed by a Trivy process of its own', {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

const NOTHING_TO_DO = { prepared: Promise.resolve(), analysed: false, judgement: () => undefined };

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);
