/**
 * Tells what changed in a pass as gts does: `node tell-pass.ts <database file>`. Prints {@link TellingReport} as JSON.
 */
import { isDeepStrictEqual } from 'node:util';

import { decidePass } from '@scanner/core';
import { openTellingStore } from '@scanner/store';

import { freezeMeasured, MESSAGE_ID, TELLING } from '../measured-mail.ts';
import { acceptedBaselines, measuredPass } from '../notices-content.ts';
import { changesPrint } from '../telling-report.ts';
import type { TellingReport } from '../telling-report.ts';
import { peakMemory, timed } from '../timing.ts';

const [databaseFile = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(tell()));

function tell(): TellingReport {
  const pass = measuredPass('changed', acceptedBaselines());
  using store = openTellingStore(databaseFile);
  const read = timed(() => store.read().state);
  const decided = timed(() => decidePass(read.value, pass, TELLING));
  const { state, notice, reports } = decided.value;
  const frozen = timed(() => (notice === null ? null : freezeMeasured(notice)));
  const committed = timed(() => store.commit({ state, message: frozen.value }));
  const peakMemoryBytes = peakMemory();
  const changes = [...reports].map(([reference, report]) => [reference, report.changes] as const);
  return {
    read: read.milliseconds,
    decide: decided.milliseconds,
    freeze: frozen.milliseconds,
    commit: committed.milliseconds,
    peakMemoryBytes,
    changes: changesPrint(new Map(changes)),
    isWhole:
      frozen.value !== null &&
      isDeepStrictEqual(store.read().state, state) &&
      isDeepStrictEqual(store.find(MESSAGE_ID), frozen.value),
  };
}
