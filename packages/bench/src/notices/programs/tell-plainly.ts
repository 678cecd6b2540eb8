/**
 * Finds what changed in a pass as a script does that keeps its state in one JSON file: `node tell-plainly.ts <JSON file>`.
 * Prints {@link TellingReport} as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import { acceptedBaselines, measuredPass } from '../notices-content.ts';
import { comparePlainly, plainState } from '../plain-comparison.ts';
import type { PlainState } from '../plain-comparison.ts';
import { changesPrint } from '../telling-report.ts';
import type { TellingReport } from '../telling-report.ts';
import { peakMemory, timed } from '../timing.ts';

const [file = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(tell()));

function tell(): TellingReport {
  const pass = measuredPass('changed', acceptedBaselines());
  const read = timed(readState);
  const decided = timed(() => {
    const now = plainState(pass);
    const changes = Object.entries(now).map(
      ([reference, findings]) => [reference, comparePlainly(read.value[reference] ?? [], findings)] as const,
    );
    return { now, changes: new Map(changes) };
  });
  const { now, changes } = decided.value;
  const committed = timed(() => writeFileSync(file, JSON.stringify(now), { flush: true }));
  const peakMemoryBytes = peakMemory();
  return {
    read: read.milliseconds,
    decide: decided.milliseconds,
    freeze: 0,
    commit: committed.milliseconds,
    peakMemoryBytes,
    changes: changesPrint(changes),
    isWhole: isDeepStrictEqual(readState(), now),
  };
}

function readState(): PlainState {
  return JSON.parse(readFileSync(file, 'utf8'));
}
