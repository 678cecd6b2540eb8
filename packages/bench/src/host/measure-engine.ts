import { join } from 'node:path';

import { realTrivy, startClassicEngine, startCurrentEngine, temporaryDirectory } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

import { secondsOf } from '../sample.ts';
import type { Sample } from '../sample.ts';
import type { SuiteContext } from '../suite.ts';
import { differences } from './finding-sets.ts';
import type { FindingSets } from './finding-sets.ts';
import { runHostScan } from './host-scan.ts';
import type { HostSetting } from './host-setting.ts';
import { loadImageSet } from './image-set.ts';
import { runPlainLoop } from './plain-loop.ts';
import type { HostRun } from './plain-loop.ts';
import { makeTrivyCounter } from './trivy-counter.ts';
import { Workplace } from './workplace.ts';

export const ENGINES = { classic: startClassicEngine, current: startCurrentEngine } as const;
export type EngineName = keyof typeof ENGINES;

export function isEngineName(name: unknown): name is EngineName {
  return typeof name === 'string' && Object.hasOwn(ENGINES, name);
}

/** What is measured, each twice in a row on the same directory: knowing nothing, then with all that it has kept. */
const CONTENDERS = [
  { first: 'loop, empty cache', again: 'loop, warm cache', cache: 'cache', run: runPlainLoop },
  { first: 'gts, empty cache', again: 'gts, nothing changed', cache: 'security/cache', run: runHostScan },
] as const;
type Contender = (typeof CONTENDERS)[number];

export type HostSubject = Contender['first' | 'again'];

/** What was measured on one engine. */
export interface EngineMeasurement {
  readonly engine: { readonly name: string; readonly apiVersion: string; readonly version: string };
  readonly trivy: string;
  readonly images: number;
  readonly references: number;
  /** Findings of all references together, as the loop found them. */
  readonly findings: number;
  readonly samples: readonly Sample[];
  /** Where any run found something else than the first run of the loop, as sentences. */
  readonly differences: readonly string[];
}

/** Starts an engine with the set of images, measures the loop and gts on it in turn, and removes it again. */
export async function measureEngine(name: EngineName, context: SuiteContext): Promise<EngineMeasurement> {
  const { rounds, signal, note } = context;
  await using directory = await temporaryDirectory();
  note(`${name} engine: starting it and loading the images`);
  await using engine = await ENGINES[name]();
  signal.throwIfAborted();
  const setting = await settingOn(engine, directory.path);
  const measurement = new Measurement(setting, signal);
  note(`${name} engine: once to warm up`);
  await measurement.warmUp();
  for (let round = 1; round <= rounds; round += 1) {
    note(`${name} engine: round ${round} of ${rounds}`);
    await measurement.measureRound(round);
  }
  return { engine: await describeEngine(engine), ...measurement.result() };
}

async function settingOn(engine: Engine, directory: string): Promise<HostSetting> {
  const place = await Workplace.in(directory);
  return {
    engine,
    set: await loadImageSet(engine, directory),
    trivy: await makeTrivyCounter(await realTrivy(), directory),
    place,
    environment: { ...place.environment, DOCKER_HOST: engine.dockerHost },
  };
}

async function describeEngine(engine: Engine): Promise<EngineMeasurement['engine']> {
  const version = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  return { name: engine.name, apiVersion: engine.apiVersion, version };
}

class Measurement {
  readonly #setting: HostSetting;
  readonly #signal: AbortSignal;
  readonly #samples: Sample[] = [];
  readonly #differences = new Set<string>();
  #expected: FindingSets | undefined;

  constructor(setting: HostSetting, signal: AbortSignal) {
    this.#setting = setting;
    this.#signal = signal;
  }

  /** Reads all programs and layers once, so that every measured run finds them in memory. */
  async warmUp(): Promise<void> {
    for (const contender of CONTENDERS) await this.#measureBoth(contender);
    this.#samples.length = 0;
  }

  /** Every round begins with the one that came second in the round before. */
  async measureRound(round: number): Promise<void> {
    const order = round % 2 === 1 ? CONTENDERS : CONTENDERS.toReversed();
    for (const contender of order) await this.#measureBoth(contender, round);
  }

  async #measureBoth(contender: Contender, round = 0): Promise<void> {
    await using directory = await this.#setting.place.emptyDirectory();
    await this.#setting.place.putDatabase(join(directory.path, contender.cache));
    for (const subject of [contender.first, contender.again]) {
      await this.#setting.place.settle(this.#signal);
      this.#keep(
        round,
        subject,
        await contender.run(this.#setting, directory.path, this.#signal),
        await this.#setting.trivy.take(),
      );
    }
  }

  #keep(
    round: number,
    subject: HostSubject,
    { outcome, findings, peakMemoryBytes }: HostRun,
    trivyProcesses: number,
  ): void {
    this.#samples.push({ round, subject, seconds: secondsOf(outcome), trivyProcesses, peakMemoryBytes });
    this.#expected ??= findings;
    for (const difference of differences(this.#expected, findings)) this.#differences.add(`${subject}: ${difference}`);
  }

  result(): Omit<EngineMeasurement, 'engine'> {
    return {
      trivy: this.#setting.trivy.version,
      images: this.#setting.set.images,
      references: this.#setting.set.references.length,
      findings: [...(this.#expected ?? [])].reduce((sum, [, found]) => sum + found.size, 0),
      samples: this.#samples,
      differences: [...this.#differences],
    };
  }
}
