import { join } from 'node:path';

import { SEVERITIES } from '@scanner/core';
import type { DatabaseGeneration } from '@scanner/testing';

import type { NodeOutcome } from '../built-gts.ts';
import type { RunOutcome } from '../command.ts';
import { ExpectedFindings } from '../expected-findings.ts';
import type { FindingSets } from '../finding-sets.ts';
import { runPlainLoop } from '../plain-loop.ts';
import { sampleOf } from '../sample.ts';
import type { Sample } from '../sample.ts';
import { inTurns } from '../turns.ts';
import { hostScanCache, runHostScan } from './host-scan.ts';
import type { HostSetting } from './host-setting.ts';
import { rebuildImage } from './rebuilt-image.ts';
import { saveImages } from './save-images.ts';

export type HostSubject =
  | 'loop, empty cache'
  | 'docker save of all'
  | 'gts, empty cache'
  | 'loop, warm cache'
  | 'gts, database updated'
  | 'gts, nothing changed'
  | 'loop, one image rebuilt'
  | 'gts, one image rebuilt';

/** What findings depend on: the database and the images. */
type Situation = 'first database' | 'second database' | 'one image rebuilt';

/** A third of a second says less than the loop's fifteen processes do together. */
const SHORT_RUNS = 5;

/** Where the two keep what they know, in one round. */
interface Directories {
  readonly loop: string;
  readonly gts: string;
}

interface Run {
  readonly outcome: RunOutcome | NodeOutcome;
  readonly findings: FindingSets | null;
}

/** Measures the loop and gts on one engine, round by round. */
export class HostMeasurement {
  readonly #setting: HostSetting;
  readonly #workDirectory: string;
  readonly #signal: AbortSignal;
  readonly #samples: Sample<HostSubject>[] = [];
  readonly #expected = new ExpectedFindings<Situation>();

  constructor(setting: HostSetting, workDirectory: string, signal: AbortSignal) {
    this.#setting = setting;
    this.#workDirectory = workDirectory;
    this.#signal = signal;
  }

  /** Reads all programs and layers once, so that every measured run finds them in memory. */
  async warmUp(): Promise<void> {
    await using gts = await this.#setting.place.emptyDirectory();
    await this.#setting.databases.put(hostScanCache(gts.path), 1);
    await runHostScan(this.#setting, gts.path, this.#signal);
    await this.#setting.trivy.take();
  }

  /** What is compared is measured side by side; each time the one begins that came last in the round before. */
  async measureRound(round: number): Promise<void> {
    const { place } = this.#setting;
    await using loop = await place.emptyDirectory();
    await using gts = await place.emptyDirectory();
    const directories = { loop: loop.path, gts: gts.path };

    await this.#useDatabase(1, directories);
    await inTurns(round, [
      () => this.#loop(round, 'loop, empty cache', 'first database', directories),
      () => this.#gts(round, 'gts, empty cache', 'first database', directories),
      () => this.#save(round),
    ]);

    await this.#useDatabase(2, directories);
    await inTurns(round, [
      () => this.#loop(round, 'loop, warm cache', 'second database', directories),
      async () => {
        await this.#gts(round, 'gts, database updated', 'second database', directories);
        await this.#gts(round, 'gts, nothing changed', 'second database', directories, SHORT_RUNS);
      },
    ]);

    await using _rebuilt = await rebuildImage(this.#setting, round, this.#workDirectory);
    await inTurns(round, [
      () => this.#loop(round, 'loop, one image rebuilt', 'one image rebuilt', directories),
      () => this.#gts(round, 'gts, one image rebuilt', 'one image rebuilt', directories),
    ]);
    await this.#compareAllSeverities(directories);
  }

  result(): { findings: number; samples: readonly Sample<HostSubject>[]; problems: readonly string[] } {
    return {
      findings: this.#expected.count('first database'),
      samples: this.#samples,
      problems: [...this.#expected.problems(), ...this.#expected.sameness('first database', 'second database')],
    };
  }

  async #useDatabase(generation: DatabaseGeneration, { loop, gts }: Directories): Promise<void> {
    for (const cache of [join(loop, 'cache'), hostScanCache(gts)]) await this.#setting.databases.put(cache, generation);
  }

  async #loop(round: number, subject: HostSubject, situation: Situation, { loop }: Directories): Promise<void> {
    const { set, trivy, environment } = this.#setting;
    const options = {
      trivy: trivy.path,
      source: 'docker',
      references: set.references,
      directory: loop,
      environment,
    } as const;
    const { findings } = await this.#measure(round, subject, () => runPlainLoop(options, this.#signal));
    this.#expected.reference(situation, subject, findings);
  }

  /** Of several runs the one in the middle counts. */
  async #gts(round: number, subject: HostSubject, situation: Situation, { gts }: Directories, runs = 1): Promise<void> {
    const samples: Sample<HostSubject>[] = [];
    for (let run = 0; run < runs; run += 1) {
      const { result, sample } = await this.#run(round, subject, () => runHostScan(this.#setting, gts, this.#signal));
      this.#expected.compare(situation, subject, result.findings, result.severities);
      samples.push(sample);
    }
    const middle = samples.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs / 2)];
    if (middle !== undefined) this.#samples.push(middle);
  }

  /** What was measured lists the severe ones only; all of them are compared afterwards, from what it has stored. */
  async #compareAllSeverities({ gts }: Directories): Promise<void> {
    const { findings } = await runHostScan(this.#setting, gts, this.#signal, SEVERITIES);
    await this.#setting.trivy.take();
    this.#expected.compare('one image rebuilt', 'gts, all severities', findings);
  }

  async #save(round: number): Promise<void> {
    await using directory = await this.#setting.place.emptyDirectory();
    await this.#measure(round, 'docker save of all', async () => ({
      outcome: await saveImages(this.#setting, directory.path, this.#signal),
      findings: null,
    }));
  }

  async #measure<Result extends Run>(round: number, subject: HostSubject, run: () => Promise<Result>): Promise<Result> {
    const { result, sample } = await this.#run(round, subject, run);
    this.#samples.push(sample);
    return result;
  }

  async #run<Result extends Run>(
    round: number,
    subject: HostSubject,
    run: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly sample: Sample<HostSubject> }> {
    const { place, trivy } = this.#setting;
    await place.settle(this.#signal);
    const result = await run();
    return { result, sample: sampleOf(round, subject, result.outcome, await trivy.take()) };
  }
}
