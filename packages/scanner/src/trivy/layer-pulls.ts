import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { networkFailureOf, ScannerError } from '@scanner/core';
import type { Failure, Log, ScanSubject } from '@scanner/core';

import { DiskShare, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import { writeLayerLayout } from '../image-export/layer-layout.ts';
import type { LayerFile } from '../image-export/layer-layout.ts';
import { networkReason } from '../registry/failed-answer.ts';
import type { RegistryLayer } from '../registry/image-manifest.ts';
import { OtherLayer } from '../registry/layer-download.ts';
import { pullLayers } from '../registry/pull-layers.ts';
import { UnusableAnswer } from '../registry/registry-client.ts';
import { NotAnImage, NotPullable } from '../registry/registry-images.ts';
import type { RegistryImage, RegistryImages } from '../registry/registry-images.ts';
import type { KnownLayers } from './known-layers.ts';
import { LayerClaims } from './layer-claims.ts';
import type { LayerNames } from './layer-names.ts';
import { AnalysisFailed, analyseLayout } from './layout-analysis.ts';
import type { LayoutAnalysisParts } from './layout-analysis.ts';
import { LEFT } from './left-to-trivy.ts';
import type { LeftToTrivy } from './left-to-trivy.ts';
import { registryOfSubject } from './scan-subject.ts';
import { ScanSlots } from './scan-slots.ts';
import type { Session } from './session.ts';
import type { TimeBudget } from './time-budget.ts';

export interface LayerPullsParts extends LayoutAnalysisParts {
  readonly images: RegistryImages;
  readonly session: Session;
  readonly layers: KnownLayers;
  readonly names: LayerNames;
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
  /** Whether Java archives count. */
  readonly usesJava: boolean;
  readonly time: TimeBudget;
  /** Told as soon as the registry has given out what the image is made of. */
  readonly onFound: () => void;
}

export type PullOutcome =
  | { readonly status: 'pulled'; readonly image: PulledImage }
  | { readonly status: 'failed'; readonly reason: Failure }
  /** A Trivy of its own pulls it, and finds out what is wrong. */
  | LeftToTrivy;

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
  readonly #lackJavaDatabase = new Set<string>();
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
      if (error instanceof NoJavaDatabase) return { ...LEFT, withoutJava: true };
      this.#warn(image.place.registry, error, signal);
      return LEFT;
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
    if ((this.#restingUntil.get(registry) ?? 0) > performance.now()) return LEFT;
    const { reference, platform } = subject;
    try {
      return await time.within(signal, (within) => this.#parts.images.find(reference, platform, within));
    } catch (error) {
      if (error instanceof NotAnImage) return { status: 'failed', reason: notAnImage(error) };
      const network = networkFailureOf(error, registry);
      if (!network.mayPass && SAME_FOR_TRIVY.has(network.kind))
        return { status: 'failed', reason: networkReason(network) };
      this.#rest(registry, error, signal);
      return LEFT;
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
    for (let missing = this.#unknown(image, manner); missing.length > 0; missing = this.#unknown(image, manner)) {
      if (missing.some((diffId) => this.#lackJavaDatabase.has(diffId))) throw new NoJavaDatabase(NO_JAVA_DATABASE);
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

  /**
   * What breaks off is tried once more, since Trivy would pull it for each image anew; what failed then is not tried again
   * for each image that waits for it.
   */
  async #analyseOnce(
    image: RegistryImage,
    diffIds: ReadonlySet<string>,
    manner: PullManner,
    signal: AbortSignal,
  ): Promise<void> {
    const analyse = () => this.#analyse(image, diffIds, manner, signal);
    try {
      await analyse().catch((error: unknown) => {
        if (signal.aborted || !brokeOff(error)) throw error;
        return analyse();
      });
    } catch (error) {
      // Another image may have the layer that this one only states.
      const mayFailAgain = !signal.aborted && !(error instanceof OtherLayer) && !(error instanceof NoJavaDatabase);
      if (mayFailAgain) for (const diffId of diffIds) this.#leftToTrivy.add(diffId);
      throw error;
    }
  }

  #unknown({ layers }: RegistryImage, manner: PullManner): string[] {
    return layers.filter((layer) => !this.#isKnown(layer, manner)).map(({ diffId }) => diffId);
  }

  /** It is analysed, and what this image has in its place was hashed: other bytes may be stated to be the same layer. */
  #isKnown(layer: RegistryLayer, manner: PullManner): boolean {
    return this.#isAnalysed(layer, manner) && this.#parts.names.diffIdOf(nameOf(layer)) === layer.diffId;
  }

  #isAnalysed({ diffId }: Pick<RegistryLayer, 'diffId'>, { analysis }: PullManner): boolean {
    return this.#parts.layers.find(analysis, diffId) !== undefined;
  }

  #analyse(image: RegistryImage, diffIds: ReadonlySet<string>, manner: PullManner, signal: AbortSignal): Promise<void> {
    const { images, session, gunzip, names } = this.#parts;
    const wanted = new Map(
      image.layers
        .filter((layer) => diffIds.has(layer.diffId) && !this.#isKnown(layer, manner))
        .map((layer) => [layer.diffId, layer]),
    );
    return this.#pulls.run('one', signal, async () => {
      using disk = await this.#disk.open();
      await using job = await session.openJob();
      const [directory, layout] = [join(job.directory, 'layers'), join(job.directory, 'layout')];
      await mkdir(directory, { mode: 0o700 });
      const files = await manner.time.within(signal, (within) =>
        pullLayers(images, image, [...wanted.values()], { directory, disk, gunzip, signal: within }),
      );
      for (const layer of wanted.values()) names.learn(nameOf(layer), layer.diffId);
      const unknown = files.filter((layer) => !this.#isAnalysed(layer, manner));
      await this.#requireJava(unknown, manner);
      if (unknown.length > 0) {
        await writeLayerLayout(layout, unknown, image.platform);
        const { extraArgs, time } = manner;
        await analyseLayout(this.#parts, { path: layout, extraArgs, diffIds }, time, signal);
      }
      const isKept = [...wanted.values()].every((layer) => this.#isKnown(layer, manner));
      if (!isKept) throw new Error('what was analysed could not be kept');
    });
  }

  async #requireJava(files: readonly LayerFile[], { usesJava }: PullManner): Promise<void> {
    const withJava = usesJava ? files.filter(({ holdsJava }) => holdsJava) : [];
    if (withJava.length === 0 || (await this.#parts.java.request())) return;
    for (const { diffId } of withJava) this.#lackJavaDatabase.add(diffId);
    throw new NoJavaDatabase(NO_JAVA_DATABASE);
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

/** As a containerd store names it in exports too. */
const nameOf = ({ digest }: Pick<RegistryLayer, 'digest'>): string => `blobs/${digest.replace(':', '/')}`;

/** A layer has Java archives that could not be judged. */
class NoJavaDatabase extends Error {}

const NO_JAVA_DATABASE = 'there is no Java database';

/** The connection ended, or more or less came than was announced. */
const brokeOff = (error: unknown): boolean => {
  if (error instanceof UnusableAnswer) return true;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && (code.startsWith('UND_ERR_') || code === 'ECONNRESET' || code === 'EPIPE');
};

/** Then it says so itself: what the registry refuses, what breaks off or is damaged on its way, and what takes too long. */
const isMetByTrivy = (error: unknown): boolean => {
  if (error instanceof NotPullable || error instanceof AnalysisFailed || error instanceof DOMException) return true;
  return error instanceof Error && 'code' in error && error.code !== 'ENOSPC' && error.code !== 'EDQUOT';
};
