import { ScannerError } from '@scanner/core';
import type { Log, PlannedImage, PlannedScan } from '@scanner/core';

import { ExportProblem } from '../image-export/export-problem.ts';
import { ExportProgress } from '../image-export/export-progress.ts';
import type { ImageArchive, ImageExport } from '../image-export/image-export.ts';
import type { ExportedImage } from '../image-export/unpack-export.ts';
import type { CheckedImages } from './checked-images.ts';
import { ExportAnalysis, isSound, lieOf } from './export-analysis.ts';
import type { ExportAnalysisParts, ExportManner, HashedExport } from './export-analysis.ts';
import { halve } from './export-groups.ts';
import type { ExportGroup } from './export-groups.ts';
import type { Job, Session } from './session.ts';

export interface GroupAnalysisParts extends ExportAnalysisParts {
  readonly source: ImageExport;
  readonly session: Session;
  readonly checkedImages: CheckedImages;
  readonly log: Log;
}

/** What an export showed of an image. */
export type ExportJudgement =
  /** Each layer's content is what the image states. */
  | { readonly status: 'checked'; readonly withoutJava: boolean }
  /** It holds something else. */
  | { readonly status: 'corrupt'; readonly message: string };

/** How groups are analysed. */
export interface GroupManner extends PlannedScan, ExportManner {
  /** Of one image; a group may take what all its images may. */
  readonly timeoutSeconds: number;
  /** Told what an image turned out to be; of some there may be nothing to tell. */
  readonly onJudged: (image: PlannedImage, judgement: ExportJudgement) => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What a group has for exports that fail, so that a broken engine is left to what asks for one image at a time. */
class Patience {
  #left = 9;

  /** @returns whether another try is worth it */
  spend(error: unknown): boolean {
    this.#left -= error instanceof ExportProblem && error.kind === 'stalled' ? 3 : 1;
    return this.#left > 0;
  }

  get isOver(): boolean {
    return this.#left <= 0;
  }
}

/** Whether an export of fewer images may do: one of them may be what it fails for. */
const isOfOneImage = (error: unknown): boolean =>
  error instanceof ExportProblem || (ScannerError.is(error) && error.code === 'engine_error');

/** Has the layers of a group's images analysed that are not yet, in one archive from the engine. */
export class GroupAnalysis {
  readonly #parts: GroupAnalysisParts;
  readonly #manner: GroupManner;
  readonly #analysis: ExportAnalysis;

  constructor(parts: GroupAnalysisParts, manner: GroupManner) {
    this.#parts = parts;
    this.#manner = manner;
    this.#analysis = new ExportAnalysis(parts, manner);
  }

  /** Rejects where it could not be done; which layers are known then is to be looked up. */
  run(group: ExportGroup, signal: AbortSignal): Promise<void> {
    return this.#run(group, new Patience(), signal);
  }

  async #run(group: ExportGroup, patience: Patience, signal: AbortSignal): Promise<void> {
    const budgetMs = this.#manner.timeoutSeconds * 1000 * group.images.length;
    const within = AbortSignal.any([signal, AbortSignal.timeout(Math.min(budgetMs, LONGEST_TIMER_MS))]);
    try {
      const mixedUp = await this.#analyse(group, budgetMs, within);
      for (const image of mixedUp) await this.#run({ ...group, images: [image] }, patience, signal);
    } catch (error) {
      const tooLarge = error instanceof ExportProblem && error.kind === 'over_budget';
      const again = tooLarge || (isOfOneImage(error) && patience.spend(error));
      if (!again || group.images.length === 1 || signal.aborted) throw error;
      await this.#runHalves(group, patience, signal);
    }
  }

  /** What one half fails for is told when the other has had its turn. */
  async #runHalves(group: ExportGroup, patience: Patience, signal: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (const half of halve(group)) {
      if (patience.isOver) break;
      await this.#run(half, patience, signal).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Returns those that have to be looked at one by one. */
  async #analyse({ images }: ExportGroup, deadlineMs: number, signal: AbortSignal): Promise<readonly PlannedImage[]> {
    await using job = await this.#parts.session.openJob();
    const ids = images.map(({ id }) => id);
    const hashed = await this.#unpack(ids, job, signal);
    await this.#refuseDamaged(hashed.images, signal);
    const mixedUp = this.#judge(images, hashed);
    const platform = images[0]?.platform ?? 'linux/amd64';
    await this.#analysis.analyse(hashed, job, { platform, deadlineMs, signal });
    return mixedUp;
  }

  async #unpack(ids: readonly string[], job: Job, caller: AbortSignal): Promise<HashedExport> {
    using progress = new ExportProgress(this.#manner.timeoutSeconds * 1000);
    const signal = AbortSignal.any([caller, progress.signal]);
    await using archive = await this.#export(ids, signal);
    return await this.#analysis.unpack(progress.watch(archive), job, signal);
  }

  /** Where the engine has hashed what it has, something else was made of it on the way. */
  async #refuseDamaged(exported: readonly ExportedImage[], signal: AbortSignal): Promise<void> {
    if (exported.every((image) => lieOf(image) === null)) return;
    if (await this.#parts.checkedImages.doesEngineCheck(signal))
      throw new ExportProblem('malformed', 'the export came damaged');
  }

  /**
   * Archives do not say which image goes by which of an engine's IDs: the layers that it states tell. Those that state the
   * same, of which one holds something else, are returned.
   */
  #judge(images: readonly PlannedImage[], hashed: HashedExport): PlannedImage[] {
    const mixedUp: PlannedImage[] = [];
    const alike = Map.groupBy(images, ({ layers }) => layers.join());
    for (const image of images) {
      const found = hashed.images.filter((layers) => statedIn(layers) === image.layers.join());
      const lie = found.map(lieOf).find((message) => message !== null);
      if (found.length > 0 && found.every(isSound)) {
        const withoutJava = image.layers.some((diffId) => hashed.lackJavaDatabase.has(diffId));
        this.#manner.onJudged(image, { status: 'checked', withoutJava });
      } else if ((alike.get(image.layers.join()) ?? []).length > 1) mixedUp.push(image);
      else if (lie !== undefined) this.#manner.onJudged(image, { status: 'corrupt', message: lie });
    }
    return mixedUp;
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

const statedIn = (layers: ExportedImage): string => layers.map(({ diffId }) => diffId).join();
