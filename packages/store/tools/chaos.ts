/**
 * `npm run chaos -- stores [--seconds 600] [--tries 10000] [--seed N]`: two and three processes open one directory anew again
 * and again, killed at random moments, until so many openings are made or the time is over. What was lost, left over or
 * wrongly set aside is told; then it ends with 1.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { openTogether } from '../e2e/opening/opening-rounds.ts';

/** A round is two or three processes, twice over. */
const OPENINGS_PER_ROUND = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    tries: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const seed = Number(values.seed);
const directory = mkdtempSync(join(tmpdir(), 'gts-chaos-'));
try {
  const { rounds, openings, kills, problems } = await openTogether({
    directory,
    seed,
    rounds: Math.ceil(Number(values.tries) / OPENINGS_PER_ROUND),
    forMs: Number(values.seconds) * 1000,
    kills: true,
  });
  for (const problem of problems) console.error(problem);
  console.log(
    `stores: seed ${seed}, ${rounds} rounds, ${openings} openings that saved, ${kills} kills, ${problems.length} problems`,
  );
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(directory, { recursive: true });
}
