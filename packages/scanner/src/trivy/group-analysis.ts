import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ScannerError, systemClock } from '@scanner/core';
import type { Log, PlannedScan } from '@scanner/core';

import { ExportProblem } from '../image-export/export-problem.ts';
import { ExportProgress } from '../image-export/export-progress.ts';
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
  /** Inflates large layers; null where there is none. */
  readonly gunzip: GunzipProgram | null;
  readonly log: Log;
}

/** How groups are analysed. */
export interface GroupManner extends PlannedScan {
  /** Names the way of analysing. */
  readonly analysis: string;
  /** What one group may take on the disk. */
  readonly maxBytes: number;
  /** Of one image; a group may take what all its images may. */
  readonly timeoutSeconds: number;
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

/**
 * Has the layers of a group's images analysed that are not yet: one archive from the engine, each new layer unpacked
 * once, one Trivy process over all of them. What Trivy stored by the way stays, whatever happens then.
 */
export class GroupAnalysis {
  readonly #parts: GroupAnalysisParts;
  readonly #manner: GroupManner;

  constructor(parts: GroupAnalysisParts, manner: GroupManner) {
    this.#parts = parts;
    this.#manner = manner;
  }

  /** Rejects where it could not be done; which layers are known then is to be looked up. */
  run(group: ExportGroup, signal: AbortSignal): Promise<void> {
    return this.#run(group, new Patience(), signal);
  }

  async #run(group: ExportGroup, patience: Patience, signal: AbortSignal): Promise<void> {
    const budgetMs = this.#manner.timeoutSeconds * 1000 * group.images.length;
    const within = AbortSignal.any([signal, AbortSignal.timeout(Math.min(budgetMs, LONGEST_TIMER_MS))]);
    try {
      await this.#analyse(group, budgetMs, within);
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

  async #analyse({ images }: ExportGroup, deadlineMs: number, signal: AbortSignal): Promise<void> {
    const { session, names } = this.#parts;
    await using job = await session.openJob();
    const directory = join(job.directory, 'export');
    await mkdir(directory, { mode: 0o700 });
    const ids = images.map(({ id }) => id);
    const exported = await this.#unpack(ids, directory, signal);
    for (const { name, diffId } of exported.flat()) names.learn(name, diffId);
    const unknown = this.#stillUnknown(exported.flat());
    if (unknown.length === 0) return;
    const layout = join(job.directory, 'layout');
    await writeLayerLayout(layout, unknown, images[0]?.platform ?? 'linux/amd64');
    const { extraArgs = [] } = this.#manner;
    const time = new TimeBudget(systemClock, deadlineMs);
    await analyseLayout(this.#parts, { path: layout, extraArgs }, time, signal);
  }

  async #unpack(ids: readonly string[], directory: string, caller: AbortSignal): Promise<ExportedImage[]> {
    using progress = new ExportProgress(this.#manner.timeoutSeconds * 1000);
    const signal = AbortSignal.any([caller, progress.signal]);
    await using archive = await this.#export(ids, signal);
    return await unpackExport(progress.watch(archive), {
      directory,
      maxBytes: this.#manner.maxBytes,
      passOver: (name) => this.#knownByName(name),
      gunzip: this.#parts.gunzip,
      signal,
    });
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
      const { diffId, file } = layer;
      if (file !== null && !this.#isKnown(diffId)) unknown.set(diffId, { ...layer, file });
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
