import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { networkFailureOf, ScannerError } from '@scanner/core';
import type { Failure, Log, ScanSubject } from '@scanner/core';

import { DiskShare, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import { writeLayerLayout } from '../image-export/layer-layout.ts';
import { networkReason } from '../registry/failed-answer.ts';
import { OtherLayer } from '../registry/layer-download.ts';
import { pullLayers } from '../registry/pull-layers.ts';
import { UnusableAnswer } from '../registry/registry-client.ts';
import { NotAnImage, NotGiven, NotPullable } from '../registry/registry-images.ts';
import type { RegistryImage, RegistryImages } from '../registry/registry-images.ts';
import type { KnownLayers } from './known-layers.ts';
import { LayerClaims } from './layer-claims.ts';
import { AnalysisFailed, analyseLayout } from './layout-analysis.ts';
import type { LayoutAnalysisParts } from './layout-analysis.ts';
import { registryOfSubject } from './scan-subject.ts';
import { ScanSlots } from './scan-slots.ts';
import type { Session } from './session.ts';
import type { TimeBudget } from './time-budget.ts';

export interface LayerPullsParts extends LayoutAnalysisParts {
  readonly images: RegistryImages;
  readonly session: Session;
  readonly layers: KnownLayers;
  readonly gunzip: GunzipProgram | null;
  /** Images at once whose layers are got. */
  readonly concurrency: number;
  readonly log: Log;
  /** Ends what they stand on. */
  readonly close: () => Promise<void>;
}

export interface PullManner {
  /** Names the way of analysing. */
  readonly analysis: string;
  readonly extraArgs: readonly string[];
  readonly time: TimeBudget;
  /** Told as soon as the registry has given out what the image is made of. */
  readonly onFound: () => void;
}

export type PullOutcome =
  | { readonly status: 'pulled'; readonly image: PulledImage }
  | { readonly status: 'failed'; readonly reason: Failure }
  /** A Trivy of its own pulls it, and finds out what is wrong. */
  | LeftToTrivy;

export interface LeftToTrivy {
  readonly status: 'left';
  /** What it is made of could not be checked, so nothing of it may count for other images. */
  readonly apart: boolean;
}

/** Another image than Trivy found, or why there is none; null for no more than that. */
export type SecondLook = Pick<RegistryImage, 'digest' | 'manifest'> | Failure | null;

/** An image of which every layer is known. */
export interface PulledImage extends Pick<RegistryImage, 'imageId' | 'digest'> {
  readonly layers: readonly string[];
  /** Whether any of its layers was analysed for it. */
  readonly analysed: boolean;
}

/** Trivy trusts the same authorities, goes by the same proxy, and says less of it. */
const SAME_FOR_TRIVY: ReadonlySet<string> = new Set(['certificate', 'proxy']);

type RemoteSubject = Extract<ScanSubject, { source: 'remote' }>;

/** A registry that is out of reach would cost every image its deadline. */
const REST_MS = 60_000;

/** Gets the layers of a registry's images that are not analysed yet, each once, and has them analysed. */
export class LayerPulls implements AsyncDisposable {
  readonly #parts: LayerPullsParts;
  readonly #claims = new LayerClaims();
  readonly #pulls: ScanSlots;
  readonly #disk: DiskShare;
  readonly #leftToTrivy = new Set<string>();
  readonly #restingUntil = new Map<string, number>();
  #warned = false;

  constructor(parts: LayerPullsParts) {
    this.#parts = parts;
    this.#pulls = new ScanSlots(parts.concurrency);
    this.#disk = new DiskShare(parts.session.directory, SHARE_OF_DISK);
  }

  async pull(subject: RemoteSubject, manner: PullManner, signal: AbortSignal): Promise<PullOutcome> {
    const image = await this.#find(subject, manner, signal);
    if ('status' in image) return image;
    manner.onFound();
    try {
      return { status: 'pulled', image: await this.#complete(image, manner, signal) };
    } catch (error) {
      if (error instanceof OtherLayer) return { status: 'failed', reason: { code: 'corrupt', message: error.message } };
      this.#warn(image.place.registry, error, signal);
      return { status: 'left', apart: false };
    }
  }

  /**
   * What an index has for the platform, for where Trivy found nothing to judge: it takes the first entry that fits, or says
   * nothing of its platform, whatever it is. Null where that is the same, or cannot be had.
   */
  async lookAgain(
    { reference, platform }: RemoteSubject,
    imageId: string | null,
    time: TimeBudget,
    signal: AbortSignal,
  ): Promise<SecondLook> {
    try {
      const image = await time.within(signal, (within) => this.#parts.images.find(reference, platform, within));
      return image.imageId === imageId ? null : image;
    } catch (error) {
      return error instanceof NotAnImage ? notAnImage(error) : null;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.close();
  }

  async #find(
    subject: RemoteSubject,
    { time }: PullManner,
    signal: AbortSignal,
  ): Promise<RegistryImage | Exclude<PullOutcome, { status: 'pulled' }>> {
    const registry = registryOfSubject(subject) ?? '';
    if ((this.#restingUntil.get(registry) ?? 0) > performance.now()) return { status: 'left', apart: false };
    const { reference, platform } = subject;
    try {
      return await time.within(signal, (within) => this.#parts.images.find(reference, platform, within));
    } catch (error) {
      if (error instanceof NotAnImage) return { status: 'failed', reason: notAnImage(error) };
      const network = networkFailureOf(error, registry);
      if (!network.mayPass && SAME_FOR_TRIVY.has(network.kind))
        return { status: 'failed', reason: networkReason(network) };
      this.#rest(registry, error, signal);
      return { status: 'left', apart: isOdd(error) };
    }
  }

  /** Trivy meets the same, and says what is wrong. */
  #rest(registry: string, error: unknown, signal: AbortSignal): void {
    const answered = error instanceof NotPullable || error instanceof UnusableAnswer || ScannerError.is(error);
    if (answered || signal.aborted) return;
    this.#restingUntil.set(registry, performance.now() + REST_MS);
    this.#parts.log.debug('a registry cannot be reached to look into its images', { registry, error });
  }

  async #complete(image: RegistryImage, manner: PullManner, signal: AbortSignal): Promise<PulledImage> {
    const { imageId, digest } = image;
    const layers = image.layers.map(({ diffId }) => diffId);
    let analysed = false;
    for (let missing = this.#unknown(layers, manner); missing.length > 0; missing = this.#unknown(layers, manner)) {
      if (missing.some((diffId) => this.#leftToTrivy.has(diffId))) throw new NotPullable('it has a layer that failed');
      using claim = this.#claims.take(missing);
      if (claim.diffIds.size === 0) {
        await this.#claims.settled(missing, signal);
        continue;
      }
      await this.#analyseOnce(image, claim.diffIds, manner, signal);
      analysed = true;
    }
    return { imageId, digest, layers, analysed };
  }

  /** What failed is not tried again for each image that waits for it. */
  async #analyseOnce(
    image: RegistryImage,
    diffIds: ReadonlySet<string>,
    manner: PullManner,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#analyse(image, diffIds, manner, signal);
    } catch (error) {
      // Another image may have the layer that this one only states.
      const mayFailAgain = !signal.aborted && !(error instanceof OtherLayer);
      if (mayFailAgain) for (const diffId of diffIds) this.#leftToTrivy.add(diffId);
      throw error;
    }
  }

  #unknown(diffIds: readonly string[], { analysis }: PullManner): string[] {
    return diffIds.filter((diffId) => this.#parts.layers.find(analysis, diffId) === undefined);
  }

  #analyse(image: RegistryImage, diffIds: ReadonlySet<string>, manner: PullManner, signal: AbortSignal): Promise<void> {
    const { images, session, gunzip } = this.#parts;
    const wanted = new Map(
      image.layers.filter(({ diffId }) => diffIds.has(diffId)).map((layer) => [layer.diffId, layer]),
    );
    return this.#pulls.run('one', signal, async () => {
      using disk = await this.#disk.open();
      await using job = await session.openJob();
      const [directory, layout] = [join(job.directory, 'layers'), join(job.directory, 'layout')];
      await mkdir(directory, { mode: 0o700 });
      const files = await manner.time.within(signal, (within) =>
        pullLayers(images, image, [...wanted.values()], { directory, disk, gunzip, signal: within }),
      );
      await writeLayerLayout(layout, files, image.platform);
      const { extraArgs, time } = manner;
      await analyseLayout(this.#parts, { path: layout, extraArgs }, time, signal);
      if (this.#unknown([...diffIds], manner).length > 0) throw new Error('what was analysed could not be kept');
    });
  }

  #warn(registry: string, error: unknown, signal: AbortSignal): void {
    if (this.#warned || signal.aborted || isMetByTrivy(error)) return;
    this.#warned = true;
    this.#parts.log.warn('the layers of an image could not be pulled by themselves: a Trivy process pulls it', {
      registry,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

const notAnImage = ({ message }: NotAnImage): Failure => ({ code: 'not_an_image', message });

/** An image that is none as it should be: what Trivy makes of it, and of what it states, is not for us to check. */
const isOdd = (error: unknown): boolean =>
  error instanceof UnusableAnswer || (error instanceof NotPullable && !(error instanceof NotGiven));

/** Then it says so itself: what the registry refuses, what breaks off or is damaged on its way, and what takes too long. */
const isMetByTrivy = (error: unknown): boolean => {
  if (error instanceof NotPullable || error instanceof AnalysisFailed || error instanceof DOMException) return true;
  return error instanceof Error && 'code' in error && error.code !== 'ENOSPC' && error.code !== 'EDQUOT';
};
