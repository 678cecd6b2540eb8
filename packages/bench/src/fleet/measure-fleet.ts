import { join } from 'node:path';

import { realTrivy, temporaryDirectory } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

import { Databases } from '../databases.ts';
import { describeEngine, startEngine } from '../engines.ts';
import type { OnEngine } from '../engine-suite.ts';
import type { EngineName } from '../engines.ts';
import { ExpectedFindings } from '../expected-findings.ts';
import type { FindingSets } from '../finding-sets.ts';
import type { HostScan } from '../host/host-scan.ts';
import type { RealSized } from '../images/real-sized.ts';
import { runPlainLoop } from '../plain-loop.ts';
import type { SuiteContext } from '../suite.ts';
import { makeTrivyCounter } from '../trivy-counter.ts';
import { inTurns } from '../turns.ts';
import { Workplace } from '../workplace.ts';
import { FleetHost } from './fleet-host.ts';
import type { FleetParts, FleetPass } from './fleet-host.ts';
import { loadFleet } from './fleet-images.ts';

export interface FleetRound {
  readonly few: FleetPass;
  readonly many: FleetPass;
  /** The plain loop over the few images with a warm cache, in milliseconds. */
  readonly loop: number;
}

export interface FleetMeasurement extends OnEngine {
  readonly images: { readonly few: number; readonly many: number };
  readonly findings: number;
  readonly rounds: readonly FleetRound[];
}

const FEW = 10;
const MANY = 500;

/** Passes in which nothing changed, on an engine with few images and on one with many. */
export async function measureFleet(
  name: EngineName,
  realSized: RealSized,
  { rounds, signal, note }: SuiteContext,
): Promise<FleetMeasurement> {
  await using directory = await temporaryDirectory();
  const parts: FleetParts = {
    place: await Workplace.in(directory.path),
    databases: new Databases(realSized.database),
    trivy: await makeTrivyCounter(await realTrivy(), directory.path),
    signal,
  };
  await using fewEngine = await startEngine(name);
  await using manyEngine = await startEngine(name);
  const hostOn = async (engine: Engine, count: number): Promise<FleetHost> => {
    note(`${name} engine: loading ${count} images`);
    const references = await loadFleet(engine, count, directory.path);
    return new FleetHost(engine, references, join(directory.path, `host-${count}`), parts);
  };
  const [few, many] = [await hostOn(fewEngine, FEW), await hostOn(manyEngine, MANY)];
  const fleet = new Fleet(few, many, join(directory.path, 'loop'), parts);
  note(`${name} engine: scanning all once`);
  await fleet.begin();
  const measured: FleetRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    note(`${name} engine: round ${round} of ${rounds}`);
    measured.push(await fleet.measureRound(round));
  }
  const engine = await describeEngine(name, manyEngine);
  return { engine, images: { few: FEW, many: MANY }, rounds: measured, ...fleet.result() };
}

class Fleet {
  readonly #few: FleetHost;
  readonly #many: FleetHost;
  /** Of the plain loop. */
  readonly #directory: string;
  readonly #parts: FleetParts;
  readonly #expected = new ExpectedFindings<'few' | 'many'>();

  constructor(few: FleetHost, many: FleetHost, directory: string, parts: FleetParts) {
    this.#few = few;
    this.#many = many;
    this.#directory = directory;
    this.#parts = parts;
  }

  async begin(): Promise<void> {
    await this.#parts.databases.put(join(this.#directory, 'cache'), 1);
    await this.#loop();
    this.#compare('few', 'first pass over few', await this.#few.begin());
    this.#compare('many', 'first pass over many', await this.#many.begin());
  }

  async measureRound(round: number): Promise<FleetRound> {
    const times: { few?: FleetPass; many?: FleetPass; loop?: number } = {};
    await inTurns(round, [
      async () => void (times.few = await this.#pass('few', this.#few)),
      async () => void (times.many = await this.#pass('many', this.#many)),
      async () => void (times.loop = await this.#loop()),
    ]);
    const { few, many, loop } = times;
    if (few === undefined || many === undefined || loop === undefined) throw new Error('A turn was left out.');
    return { few, many, loop };
  }

  result(): Pick<FleetMeasurement, 'findings' | 'problems'> {
    return { findings: this.#expected.count('many'), problems: this.#expected.problems() };
  }

  async #pass(of: 'few' | 'many', host: FleetHost): Promise<FleetPass> {
    const { milliseconds, listing, peakMemoryBytes, ...found } = await host.passAgain();
    this.#compare(of, `nothing changed, ${of}`, found);
    return { milliseconds, listing, peakMemoryBytes };
  }

  #compare(
    of: 'few' | 'many',
    subject: string,
    { findings, severities }: Pick<HostScan, 'findings' | 'severities'>,
  ): void {
    this.#expected.compare(of, subject, findings, severities);
  }

  async #loop(): Promise<number> {
    const { trivy, place, signal } = this.#parts;
    await place.settle(signal);
    const { references, environment } = this.#few;
    const { outcome, findings } = await runPlainLoop(
      { trivy: trivy.path, source: 'docker', references, directory: this.#directory, environment },
      signal,
    );
    await trivy.take();
    this.#expected.reference('few', 'loop over few', findings);
    this.#expected.reference('many', 'loop over few', this.#amongMany(findings));
    return outcome.milliseconds;
  }

  /** All images hold the same packages, so the first of the few speaks for them. */
  #amongMany(findings: FindingSets): FindingSets {
    const [spokesman = new Set<string>()] = findings.values();
    return new Map(this.#many.references.map((reference) => [reference, spokesman]));
  }
}
