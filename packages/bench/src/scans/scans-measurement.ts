import { join } from 'node:path';

import type { Registry } from '@scanner/testing';

import type { Databases } from '../databases.ts';
import { ExpectedFindings } from '../expected-findings.ts';
import type { FindingSets } from '../finding-sets.ts';
import { runAllAtOnce, runPlainLoop } from '../plain-loop.ts';
import type { LoopOptions, LoopRun } from '../plain-loop.ts';
import { sampleOf } from '../sample.ts';
import type { Sample } from '../sample.ts';
import type { TrivyCounter } from '../trivy-counter.ts';
import { inTurns } from '../turns.ts';
import type { Workplace } from '../workplace.ts';
import { catalogueScanCache, runCatalogueScan } from './catalogue-scan.ts';
import type { CatalogueScan } from './catalogue-scan.ts';
import type { PublishedTool, PublishedTools } from './published-images.ts';

export const SCANS_SUBJECTS = ['trivy, one by one', 'gts scan', 'trivy, 16 at once', 'gts scan, 16 at once'] as const;
export type ScansSubject = (typeof SCANS_SUBJECTS)[number];

export interface ScansSample extends Sample<ScansSubject> {
  /** How many images could not be scanned. */
  readonly failures: number;
}

export interface ScansResult {
  /** Of the images that are scanned one by one. */
  readonly images: number;
  readonly findings: number;
  readonly samples: readonly ScansSample[];
  readonly problems: readonly string[];
}

export interface ScansSetting {
  readonly registry: Registry;
  readonly tools: PublishedTools;
  readonly databases: Databases;
  readonly trivy: TrivyCounter;
  readonly place: Workplace;
}

/** All scans begin with an empty cache. */
export class ScansMeasurement {
  readonly #setting: ScansSetting;
  readonly #signal: AbortSignal;
  readonly #samples: ScansSample[] = [];
  readonly #expected = new ExpectedFindings<'different' | 'all'>();

  constructor(setting: ScansSetting, signal: AbortSignal) {
    this.#setting = setting;
    this.#signal = signal;
  }

  async measureRound(round: number): Promise<void> {
    const { different, all } = this.#setting.tools;
    await inTurns(round, [
      async () => {
        const { findings } = await this.#plain(round, 'trivy, one by one', different, runPlainLoop);
        this.#expected.reference('different', 'trivy, one by one', findings);
        this.#expected.reference('all', 'trivy, one by one', this.#underAllNames(findings));
      },
      async () => {
        const { findings } = await this.#gts(round, 'gts scan', different);
        this.#expected.compare('different', 'gts scan', findings);
      },
    ]);
    await inTurns(round, [
      async () => void (await this.#plain(round, 'trivy, 16 at once', all, runAllAtOnce)),
      async () => {
        const { findings } = await this.#gts(round, 'gts scan, 16 at once', all, all.length);
        this.#expected.comparePartly('all', 'gts scan, 16 at once', findings);
      },
    ]);
  }

  result(): ScansResult {
    return {
      images: this.#setting.tools.different.length,
      findings: this.#expected.count('different'),
      samples: this.#samples,
      problems: this.#expected.problems(),
    };
  }

  /** Who has another's image has another's findings. */
  #underAllNames(findings: FindingSets): FindingSets {
    const { all } = this.#setting.tools;
    return new Map(all.map(({ reference, sameAs }) => [reference, findings.get(sameAs) ?? new Set()]));
  }

  async #plain(
    round: number,
    subject: ScansSubject,
    tools: readonly PublishedTool[],
    run: (options: LoopOptions, signal: AbortSignal) => Promise<LoopRun>,
  ): Promise<LoopRun> {
    const { databases, trivy, place } = this.#setting;
    await using directory = await place.emptyDirectory();
    await databases.put(join(directory.path, 'cache'), 1);
    const options: LoopOptions = {
      trivy: trivy.path,
      source: 'remote',
      references: tools.map(({ reference }) => reference),
      directory: directory.path,
      environment: place.environment,
    };
    return await this.#measure(round, subject, tools, () => run(options, this.#signal));
  }

  async #gts(
    round: number,
    subject: ScansSubject,
    tools: readonly PublishedTool[],
    concurrency?: number,
  ): Promise<CatalogueScan> {
    const { registry, databases, trivy, place } = this.#setting;
    await using directory = await place.emptyDirectory();
    await databases.put(catalogueScanCache(directory.path), 1);
    const options = {
      trivy: trivy.path,
      registryHost: registry.host,
      tools,
      directory: directory.path,
      environment: place.environment,
      ...(concurrency !== undefined && { concurrency }),
    };
    return await this.#measure(round, subject, tools, () => runCatalogueScan(options, this.#signal));
  }

  async #measure<Run extends LoopRun | CatalogueScan>(
    round: number,
    subject: ScansSubject,
    tools: readonly PublishedTool[],
    run: () => Promise<Run>,
  ): Promise<Run> {
    const { trivy, place } = this.#setting;
    await place.settle(this.#signal);
    const result = await run();
    const { outcome, findings } = result;
    const failures = tools.length - findings.size;
    this.#samples.push({ ...sampleOf(round, subject, outcome, await trivy.take()), failures });
    return result;
  }
}
