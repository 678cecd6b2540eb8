// Lives generated lives of a host and judges each notice: `npm run lives -- [--lives 1000] [--from SEED] [--trace]`.
// A life follows from its seed alone; with --trace the first one is told pass by pass.
import { parseArgs } from 'node:util';

import { liveMany } from '../packages/core/src/testing/lives/live-many.ts';
import { liveOnce } from '../packages/core/src/testing/lives/life-of-a-host.ts';

const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const [lives, from] = [values.lives, values.from].map(Number);
if (!Number.isInteger(lives) || lives < 1 || !Number.isInteger(from)) {
  console.error('--lives and --from take whole numbers');
  process.exit(2);
}

if (values.trace) await liveOnce(from, (line) => console.log(line));
else {
  const { told, passes, notices, open, faults } = await liveMany({
    from,
    lives,
    observe: (done) => {
      if (done % 100 === 0 && done < lives) console.error(`${done} of ${lives} lives`);
    },
  });
  console.log(`${new Date().toISOString().slice(0, 10)}: ${lives} lives, seeds ${from} to ${from + lives - 1}`);
  console.log(`${passes} passes, ${notices} notices`);
  for (const [change, { true: right, false: wrong, missed }] of Object.entries(told)) {
    const precision = (right / (right + wrong)).toFixed(4);
    const recall = (right / (right + missed)).toFixed(4);
    console.log(
      `${change.padEnd(8)} ${right} true, ${wrong} false, ${missed} missed: precision ${precision}, recall ${recall}`,
    );
  }
  console.log(`${open} told as new where either is right`);
  for (const fault of faults.slice(0, 50)) console.log(fault);
  if (faults.length > 0) {
    console.log(`${faults.length} faults; --from SEED --trace tells a life pass by pass`);
    process.exitCode = 1;
  }
}
