import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '@scanner/core';
import type { Log, PlannedImage, PlannedScan } from '@scanner/core';

import { ExportProblem } from '../image-export/export-problem.ts';
import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import type { ImageArchive, ImageExport } from '../image-export/image-export.ts';
import { writeLayerLayout } from '../image-export/layer-layout.ts';
import type { LayerFile } from '../image-export/layer-layout.ts';
import { unpackExport } from '../image-export/unpack-export.ts';
import type { ExportedImage, ExportedLayer } from '../image-export/unpack-export.ts';
import { halve } from './export-groups.ts';
import type { ExportGroup } from './export-groups.ts';
import type { JavaSupply } from './java-supply.ts';
import type { KnownLayers } from './known-layers.ts';
import type { LayerNames } from './layer-names.ts';
import { analyseLayout } from './layout-analysis.ts';
import type { ScanSlots } from './scan-slots.ts';
import type { Session } from './session.ts';
import { TimeBudget } from './time-budget.ts';
import type { TrivyRunner } from './trivy-runner.ts';

export interface GroupAnalysisParts {
  readonly source: ImageExport;
  readonly session: Session;
  readonly runner: TrivyRunner;
  readonly java: JavaSupply;
  readonly slots: ScanSlots;
  readonly layers: KnownLayers;
  readonly names: LayerNames;
  /** Whether the source's images hold what they state, as it hashes what it takes in. */
  readonly doesEngineCheck: (signal: AbortSignal) => Promise<boolean>;
  /** Inflates large layers; null where there is none. */
  readonly gunzip: GunzipProgram | null;
  readonly log: Log;
}

/** What an export showed of an image. */
export type ExportJudgement =
  /** Each layer's content is what the image states. */
  | { readonly status: 'checked'; readonly withoutJava: boolean }
  /** It holds something else. */
  | { readonly status: 'corrupt'; readonly message: string };

/** How groups are analysed. */
export interface GroupManner extends PlannedScan {
  /** Names the way of analysing. */
  readonly analysis: string;
  /** Whether Java archives count. */
  readonly usesJava: boolean;
  /** Told what an image turned out to be; of some there may be nothing to tell. */
  readonly onJudged: (image: PlannedImage, judgement: ExportJudgement) => void;
  /** What one group may take on the disk. */
  readonly maxBytes: number;
  /** Of one image; a group may take what all its images may. */
  readonly timeoutSeconds: number;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Has the layers of a group's images analysed that are not yet: one archive from the engine, each new layer unpacked
 * once, one Trivy process over all of them. Only what an archive holds counts, and not what an image states: engines take
 * in images that state the layers of others.
 */
export class GroupAnalysis {
  readonly #parts: GroupAnalysisParts;
  readonly #manner: GroupManner;

  constructor(parts: GroupAnalysisParts, manner: GroupManner) {
    this.#parts = parts;
    this.#manner = manner;
  }

  /** Rejects where it could not be done; which layers are known then is to be looked up. */
  async run(group: ExportGroup, signal: AbortSignal): Promise<void> {
    const budgetMs = this.#manner.timeoutSeconds * 1000 * group.images.length;
    const within = AbortSignal.any([signal, AbortSignal.timeout(Math.min(budgetMs, LONGEST_TIMER_MS))]);
    try {
      const mixedUp = await this.#analyse(group, budgetMs, within);
      for (const image of mixedUp) await this.run({ ...group, images: [image] }, signal);
    } catch (error) {
      const tooLarge = error instanceof ExportProblem && error.kind === 'over_budget';
      if (!tooLarge || group.images.length === 1) throw error;
      for (const half of halve(group)) await this.run(half, signal);
    }
  }

  /** Returns those that have to be looked at one by one. */
  async #analyse({ images }: ExportGroup, deadlineMs: number, signal: AbortSignal): Promise<readonly PlannedImage[]> {
    const { session } = this.#parts;
    await using job = await session.openJob();
    const directory = join(job.directory, 'export');
    await mkdir(directory, { mode: 0o700 });
    await using archive = await this.#export(
      images.map(({ id }) => id),
      signal,
    );
    const exported = await unpackExport(archive, {
      directory,
      maxBytes: this.#manner.maxBytes,
      passOver: (name) => this.#knownByName(name),
      gunzip: this.#parts.gunzip,
      signal,
    });
    await this.#refuseDamaged(exported, signal);
    const sound = exported.filter((image) => lieOf(image) === null).flat();
    this.#learnNames(exported.flat());
    const unknown = this.#stillUnknown(sound);
    const leftOut = await this.#withoutJavaDatabase(unknown);
    const mixedUp = this.#judge(images, exported, leftOut);
    await this.#analyseLayers(
      unknown.filter(({ diffId }) => !leftOut.has(diffId)),
      { directory: job.directory, platform: images[0]?.platform ?? 'linux/amd64', deadlineMs, signal },
    );
    return mixedUp;
  }

  /** Where the engine has hashed what it has, something else was made of it on the way. */
  async #refuseDamaged(exported: readonly ExportedImage[], signal: AbortSignal): Promise<void> {
    if (exported.every((image) => lieOf(image) === null)) return;
    if (await this.#parts.doesEngineCheck(signal)) throw new ExportProblem('malformed', 'the export came damaged');
  }

  async #analyseLayers(
    layers: readonly LayerFile[],
    { directory, platform, deadlineMs, signal }: AnalysisPlace,
  ): Promise<void> {
    if (layers.length === 0) return;
    const path = join(directory, 'layout');
    await writeLayerLayout(path, layers, platform);
    const { extraArgs = [] } = this.#manner;
    const time = new TimeBudget(systemClock, deadlineMs);
    await analyseLayout(this.#parts, { path, extraArgs, diffIds: diffIdsOf(layers) }, time, signal);
  }

  /** Diff IDs of layers that cannot be analysed as they are, for want of the Java database. */
  async #withoutJavaDatabase(unknown: readonly LayerFile[]): Promise<ReadonlySet<string>> {
    const withJava = this.#manner.usesJava ? unknown.filter(({ holdsJava }) => holdsJava) : [];
    const missing = withJava.length > 0 && !(await this.#parts.java.request());
    return missing ? diffIdsOf(withJava) : new Set();
  }

  /** A name that came to mean something else is unpacked the next time. */
  #learnNames(layers: readonly ExportedLayer[]): void {
    const { names } = this.#parts;
    for (const { name, contentId } of layers) {
      if (contentId === null) names.forget(name);
      else names.learn(name, contentId);
    }
  }

  /**
   * Archives do not say which image goes by which of an engine's IDs: the layers that it states tell. Those that state the
   * same, of which one holds something else, are returned.
   */
  #judge(
    images: readonly PlannedImage[],
    exported: readonly ExportedImage[],
    leftOut: ReadonlySet<string>,
  ): PlannedImage[] {
    const mixedUp: PlannedImage[] = [];
    const alike = Map.groupBy(images, ({ layers }) => layers.join());
    for (const image of images) {
      const found = exported.filter((other) => other.map(({ diffId }) => diffId).join() === image.layers.join());
      const lie = found.map(lieOf).find((message) => message !== null);
      const isChecked = found.length > 0 && found.flat().every(({ diffId, contentId }) => contentId === diffId);
      if (isChecked) {
        const withoutJava = image.layers.some((diffId) => leftOut.has(diffId));
        this.#manner.onJudged(image, { status: 'checked', withoutJava });
      } else if ((alike.get(image.layers.join()) ?? []).length > 1) mixedUp.push(image);
      else if (lie !== undefined) this.#manner.onJudged(image, { status: 'corrupt', message: lie });
    }
    return mixedUp;
  }

  #knownByName(name: string): string | undefined {
    const diffId = this.#parts.names.diffIdOf(name);
    return diffId !== undefined && this.#isKnown(diffId) ? diffId : undefined;
  }

  #isKnown(diffId: string): boolean {
    return this.#parts.layers.find(this.#manner.analysis, diffId) !== undefined;
  }

  #stillUnknown(layers: readonly ExportedLayer[]): LayerFile[] {
    const unknown = new Map<string, LayerFile>();
    for (const layer of layers) {
      const { diffId, contentId, file } = layer;
      if (file !== null && contentId === diffId && !this.#isKnown(diffId)) unknown.set(diffId, { ...layer, file });
    }
    return [...unknown.values()];
  }

  /** An image removed meanwhile is left out: its own scan will say so. */
  async #export(ids: readonly string[], signal: AbortSignal): Promise<ImageArchive> {
    const { source } = this.#parts;
    try {
      return await source.exportImages(ids, signal);
    } catch (error) {
      const there = await source.stillThere(ids, signal);
      if (there.size === 0 || there.size === ids.length) throw error;
      return this.#export([...there], signal);
    }
  }
}

interface AnalysisPlace {
  readonly directory: string;
  readonly platform: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** What an image states of its layers that is not so; null where there is nothing. */
const lieOf = (image: ExportedImage): string | null => {
  const layer = image.find(({ diffId, contentId }) => contentId !== null && contentId !== diffId);
  return layer === undefined
    ? null
    : `one of its layers is ${layer.contentId}, and not the one that it states (${layer.diffId})`;
};

const diffIdsOf = (layers: readonly LayerFile[]): ReadonlySet<string> => new Set(layers.map(({ diffId }) => diffId));
