/**
 * `npm run chaos -- [--minutes 40] [--tries 10000] [--seed N] [--lanes 2] [--only SCENARIO]…`: harms the built programs at random
 * moments until there were enough tries or time is over. Ends with 1 where something was lost, told twice, damaged or
 * left behind, and says by which seed.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import { chaos } from './chaos.ts';
import { openScenarios, SCENARIO_NAMES } from './scenarios/index.ts';

const MINUTE_MS = 60_000;

interface Request {
  readonly minutes: number;
  readonly tries: number;
  readonly seed: number;
  /** How many directories are worked on at once. */
  readonly lanes: number;
  readonly names: readonly string[];
}

/** @returns null for what makes no sense */
function readRequest(): Request | null {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '40' },
      tries: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      lanes: { type: 'string', default: '2' },
      only: { type: 'string', multiple: true, default: [...SCENARIO_NAMES] },
    },
  });
  const [minutes, tries, seed] = [Number(values.minutes), Number(values.tries), Number(values.seed)];
  const lanes = Number(values.lanes);
  const makesSense = minutes > 0 && tries > 0 && lanes >= 1 && Number.isInteger(seed);
  const areKnown = values.only.every((name) => SCENARIO_NAMES.includes(name));
  return makesSense && areKnown ? { minutes, tries, seed, lanes, names: values.only } : null;
}

async function run({ minutes, tries, seed, lanes, names }: Request): Promise<number> {
  const startedAt = performance.now();
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  await using opened = await openScenarios(names);
  const { tally, directories, faults } = await chaos({
    scenarios: opened.scenarios,
    seed,
    tries,
    forMs: minutes * MINUTE_MS,
    lanes,
    signal: stopping.signal,
    observe: (now) => console.error(`${now.tries} of ${tries} tries, ${now.kills} kills, ${now.faults} faults`),
    onFault: (fault) => console.error(fault),
  });
  const took = ((performance.now() - startedAt) / MINUTE_MS).toFixed(1);
  console.log(`seed ${seed}: ${tally.tries} tries over ${directories} directories in ${took} minutes`);
  console.log(String(tally));
  if (faults.length > 0) console.log('to see one again: npm run chaos -- --only SCENARIO --seed SEED --tries 1');
  return faults.length > 0 ? 1 : 0;
}

const request = readRequest();
if (request === null) {
  console.error(
    `--minutes, --tries and --lanes take numbers, --seed a whole one, --only one of ${SCENARIO_NAMES.join(', ')}`,
  );
  process.exitCode = 2;
} else process.exitCode = await run(request);
