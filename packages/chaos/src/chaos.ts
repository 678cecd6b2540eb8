import { SeededRandom } from '@scanner/core/testing';

import { temporaryDirectory } from '@scanner/testing';

import { live } from './life.ts';
import { Pace } from './pace.ts';
import { openPlace } from './place.ts';
import type { Scenario } from './scenario.ts';
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

const UNHARMED_RUNS = 2;
const OBSERVE_EVERY_MS = 10_000;

/** Learns how long each scenario takes, then harms programs at random moments until there were enough tries or time is over. */
export async function chaos(options: ChaosOptions): Promise<ChaosDone> {
  const end = performance.now() + options.forMs;
  const [pace, tally, faults] = [new Pace(), new Tally(), new Array<string>()];
  const isOver = (): boolean =>
    options.signal?.aborted === true || performance.now() > end || tally.tries >= options.tries;
  await using cache = await temporaryDirectory();
  const sharedCache = cache.path;
  for (const scenario of options.scenarios) await learn(scenario, { seed: options.seed, pace, sharedCache });
  const observing = setInterval(() => options.observe?.(tally), OBSERVE_EVERY_MS);
  let lives = 0;
  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const seed = options.seed + lives;
      lives += 1;
      const scenario = scenarioOf(seed, options.scenarios);
      const found = await live({ scenario, seed, pace, tally, sharedCache, isOver });
      faults.push(...found);
      for (const fault of found) options.onFault?.(fault);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.lanes }, lane));
  } finally {
    clearInterval(observing);
  }
  return { tally, directories: lives, faults };
}

interface LearnOptions {
  readonly seed: number;
  readonly pace: Pace;
  readonly sharedCache: string;
}

async function learn(scenario: Scenario, { seed, pace, sharedCache }: LearnOptions): Promise<void> {
  await using place = await openPlace(sharedCache);
  await using subject = await scenario.open(place, new SeededRandom(seed));
  for (let run = 1; run <= UNHARMED_RUNS; run += 1) {
    await subject.change();
    const startedAt = performance.now();
    const programs = await subject.start();
    await Promise.all(programs.map(({ ended }) => ended));
    pace.learn(scenario.name, performance.now() - startedAt);
  }
}

/** It follows from the seed, by weight. */
function scenarioOf(seed: number, scenarios: readonly Scenario[]): Scenario {
  const all = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  let left = new SeededRandom(seed ^ 0x5ce0).next() * all;
  const chosen = scenarios.find(({ weight }) => (left -= weight) < 0) ?? scenarios[0];
  if (chosen === undefined) throw new Error('There is no scenario to choose.');
  return chosen;
}
