import { parseArgs } from 'node:util';

import type { FuzzTarget } from './fuzz-target.ts';

const RUNS_A_ROUND = 200;
const GROWTHS_A_ROUND = 5;
const MOST_FAULTS_OF_ONE = 3;

/** What became of one target. */
interface Tally {
  inputs: number;
  readonly faults: string[];
}

/**
 * Fuzzes these one after the other, again and again, until the time is over: `--minutes 10 --seed 1`. Prints what each was
 * given and what went wrong; the exit code is 1 where something did.
 */
export const fuzzFromCommandLine = async (targets: readonly FuzzTarget[]): Promise<void> => {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' } },
  });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0) || !Number.isInteger(seed)) {
    process.stderr.write('--minutes takes a number, --seed a whole number\n');
    process.exitCode = 2;
    return;
  }
  const tallies = await fuzzAll(targets, { until: performance.now() + minutes * 60_000, seed });
  for (const [name, { inputs, faults }] of tallies) {
    process.stdout.write(`| ${name} | ${inputs} | ${faults.length} |\n`);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
  }
  if ([...tallies.values()].some(({ faults }) => faults.length > 0)) process.exitCode = 1;
};

const fuzzAll = async (
  targets: readonly FuzzTarget[],
  { until, seed }: { readonly until: number; readonly seed: number },
): Promise<ReadonlyMap<string, Tally>> => {
  const tallies = new Map(targets.map(({ name }): [string, Tally] => [name, { inputs: 0, faults: [] }]));
  for (let round = 0; performance.now() < until; round += 1) {
    for (const target of targets) {
      const tally = tallies.get(target.name);
      if (tally === undefined || tally.faults.length >= MOST_FAULTS_OF_ONE) continue;
      await fuzzOnce(target, seed + round, tally);
    }
  }
  return tallies;
};

const fuzzOnce = async (target: FuzzTarget, seed: number, tally: Tally): Promise<void> => {
  const outcomes = [await target.run({ runs: RUNS_A_ROUND, seed })];
  for (let count = 0; target.grows && count < GROWTHS_A_ROUND; count += 1)
    outcomes.push(await target.grow({ seed: seed * GROWTHS_A_ROUND + count }));
  for (const { inputs, fault } of outcomes) {
    tally.inputs += inputs;
    if (fault !== null) tally.faults.push(fault);
  }
};
