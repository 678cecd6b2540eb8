import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '@scanner/core';

import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import { writeLayerLayout } from '../image-export/layer-layout.ts';
import type { LayerFile } from '../image-export/layer-layout.ts';
import { unpackExport } from '../image-export/unpack-export.ts';
import type { ExportedImage, ExportedLayer } from '../image-export/unpack-export.ts';
import type { KnownLayers } from './known-layers.ts';
import type { LayerNames } from './layer-names.ts';
import { analyseLayout } from './layout-analysis.ts';
import type { LayoutAnalysisParts } from './layout-analysis.ts';
import type { Job } from './session.ts';
import { TimeBudget } from './time-budget.ts';

export interface ExportAnalysisParts extends LayoutAnalysisParts {
  readonly layers: KnownLayers;
  readonly names: LayerNames;
  /** Inflates large layers; null where there is none. */
  readonly gunzip: GunzipProgram | null;
}

export interface ExportManner {
  /** Names the way of analysing. */
  readonly analysis: string;
  /** Whether Java archives count. */
  readonly usesJava: boolean;
  readonly extraArgs?: readonly string[];
  /** What the archive may take on the disk. */
  readonly maxBytes: number;
}

/** What an archive of images holds, unpacked. */
export interface HashedExport {
  readonly images: readonly ExportedImage[];
  /** To be analysed. */
  readonly unknown: readonly LayerFile[];
  /** Diff IDs of layers that cannot be analysed as they are, for want of the Java database. */
  readonly lackJavaDatabase: ReadonlySet<string>;
}

/**
 * Has the layers in an archive of images analysed that are not yet, each once, and by one Trivy process. Only what the
 * archive holds counts, and not what an image states: engines take in images that state the layers of others.
 */
export class ExportAnalysis {
  readonly #parts: ExportAnalysisParts;
  readonly #manner: ExportManner;

  constructor(parts: ExportAnalysisParts, manner: ExportManner) {
    this.#parts = parts;
    this.#manner = manner;
  }

  /**
   * Layers of an image that is not what it states are not taken.
   *
   * @throws as `unpackExport` does
   */
  async unpack(archive: AsyncIterable<Uint8Array>, { directory }: Job, signal: AbortSignal): Promise<HashedExport> {
    const place = join(directory, 'export');
    await mkdir(place, { mode: 0o700 });
    const images = await unpackExport(archive, {
      directory: place,
      maxBytes: this.#manner.maxBytes,
      passOver: (name) => this.#knownByName(name),
      gunzip: this.#parts.gunzip,
      signal,
    });
    this.#learnNames(images.flat());
    const unknown = this.#stillUnknown(images.filter((image) => lieOf(image) === null).flat());
    const lackJavaDatabase = await this.#withoutJavaDatabase(unknown);
    return { images, lackJavaDatabase, unknown: unknown.filter(({ diffId }) => !lackJavaDatabase.has(diffId)) };
  }

  /**
   * @param platform `os/architecture[/variant]`
   * @throws AnalysisFailed; Error where its turn never came
   */
  async analyse(
    { unknown }: HashedExport,
    { directory }: Job,
    { platform, deadlineMs, signal }: AnalysisLimits,
  ): Promise<void> {
    if (unknown.length === 0) return;
    const path = join(directory, 'layout');
    await writeLayerLayout(path, unknown, platform);
    const { extraArgs = [] } = this.#manner;
    const time = new TimeBudget(systemClock, deadlineMs);
    await analyseLayout(this.#parts, { path, extraArgs, diffIds: diffIdsOf(unknown) }, time, signal);
  }

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
}

interface AnalysisLimits {
  readonly platform: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** What an image states of its layers that is not so; null where there is nothing. */
export const lieOf = (image: ExportedImage): string | null => {
  const layer = image.find(({ diffId, contentId }) => contentId !== null && contentId !== diffId);
  return layer === undefined
    ? null
    : `one of its layers is ${layer.contentId}, and not the one that it states (${layer.diffId})`;
};

/** Whether the content of each layer is what the image states. */
export const isSound = (image: ExportedImage): boolean => image.every(({ diffId, contentId }) => contentId === diffId);

const diffIdsOf = (layers: readonly LayerFile[]): ReadonlySet<string> => new Set(layers.map(({ diffId }) => diffId));
