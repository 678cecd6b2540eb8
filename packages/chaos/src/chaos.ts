import { SeededRandom } from '@scanner/core/testing';

import { temporaryDirectory } from '@scanner/testing';

import { type LifeOptions, live } from './life.ts';
import { Pace } from './pace.ts';
import { openPlace } from './place.ts';
import type { Scenario, Subject } from './scenario.ts';
import { Tally } from './tally.ts';

export interface ChaosOptions {
  readonly scenarios: readonly Scenario[];
  /** The lives have this seed and those that follow it. */
  readonly seed: number;
  /** No life is begun after so many tries. */
  readonly tries: number;
  /** No try is begun after it. */
  readonly forMs: number;
  /** How many lives go on at once. */
  readonly lanes: number;
  /** After it no try is begun, and what is begun is cleared away. */
  readonly signal?: AbortSignal;
  /** Told from time to time how far it is. */
  readonly observe?: (tally: Tally) => void;
  /** Told at once what went wrong. */
  readonly onFault?: (fault: string) => void;
}

export interface ChaosDone {
  readonly tally: Tally;
  readonly directories: number;
  /** What went wrong, with the seed that makes it go wrong again. */
  readonly faults: readonly string[];
}

const OBSERVE_EVERY_MS = 10_000;

/**
 * Harms programs at random moments until there were enough tries or time is over. How long a scenario takes is learned
 * when it is first chosen.
 */
export async function chaos(options: ChaosOptions): Promise<ChaosDone> {
  await using cache = await temporaryDirectory();
  const lanes = new Lanes(options, cache.path);
  const observing = setInterval(() => options.observe?.(lanes.tally), OBSERVE_EVERY_MS);
  try {
    await Promise.all(Array.from({ length: options.lanes }, () => lanes.run()));
  } finally {
    clearInterval(observing);
  }
  return { tally: lanes.tally, directories: lanes.directories, faults: lanes.faults };
}

/** Lives that go on side by side, and what is known of all. */
class Lanes {
  readonly tally = new Tally();
  readonly faults: string[] = [];
  directories = 0;
  readonly #options: ChaosOptions;
  readonly #sharedCache: string;
  readonly #end: number;
  readonly #pace = new Pace();
  readonly #learned = new Map<Scenario, Promise<void>>();

  constructor(options: ChaosOptions, sharedCache: string) {
    this.#options = options;
    this.#sharedCache = sharedCache;
    this.#end = performance.now() + options.forMs;
  }

  /** One life after the other. */
  async run(): Promise<void> {
    const { scenarios, onFault } = this.#options;
    while (!this.#isOver()) {
      const seed = this.#options.seed + this.directories;
      this.directories += 1;
      const scenario = scenarioOf(seed, scenarios);
      await this.#paceOf(scenario, seed);
      const found = await live({ ...this.#common(), scenario, seed, isOver: () => this.#isOver() });
      this.faults.push(...found);
      for (const fault of found) onFault?.(fault);
    }
  }

  #common(): Pick<LifeOptions, 'tally' | 'pace' | 'sharedCache'> {
    return { tally: this.tally, pace: this.#pace, sharedCache: this.#sharedCache };
  }

  #isOver(): boolean {
    const { signal, tries } = this.#options;
    return signal?.aborted === true || performance.now() > this.#end || this.tally.tries >= tries;
  }

  #paceOf(scenario: Scenario, seed: number): Promise<void> {
    const learning = this.#learned.get(scenario) ?? this.#learn(scenario, seed);
    this.#learned.set(scenario, learning);
    return learning;
  }

  /** The first run of all compiles the program, which is kept. */
  async #learn(scenario: Scenario, seed: number): Promise<void> {
    await using place = await openPlace(this.#sharedCache);
    await using subject = await scenario.open(place, new SeededRandom(seed));
    await runUnharmed(subject);
    this.#pace.learn(scenario.name, await runUnharmed(subject));
  }
}

/** @returns the milliseconds that it took */
async function runUnharmed(subject: Subject): Promise<number> {
  await subject.change();
  const startedAt = performance.now();
  const programs = await subject.start();
  await Promise.all(programs.map(({ ended }) => ended));
  return performance.now() - startedAt;
}

/** It follows from the seed, by weight. */
function scenarioOf(seed: number, scenarios: readonly Scenario[]): Scenario {
  const all = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  let left = new SeededRandom(seed ^ 0x5ce0).next() * all;
  const chosen = scenarios.find(({ weight }) => (left -= weight) < 0) ?? scenarios[0];
  if (chosen === undefined) throw new Error('There is no scenario to choose.');
  return chosen;
}
