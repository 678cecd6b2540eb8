// Lives generated lives of a host and judges each notice: `npm run lives -- [--lives 1000] [--from SEED] [--trace]`.
// A life follows from its seed alone; with --trace the first one is told pass by pass.
import { parseArgs } from 'node:util';

import { liveOnce } from './lives/life-of-a-host.ts';
import { liveMany } from './lives/live-many.ts';

const MOST_FAULTS = 50;
const SAID_EVERY = 100;

const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const [lives, from] = [Number(values.lives), Number(values.from)];

const share = (right: number, other: number): string =>
  right + other === 0 ? 'of nothing' : (right / (right + other)).toFixed(4);

const tellMany = async (): Promise<void> => {
  const { told, passes, notices, open, faults } = await liveMany({
    from,
    lives,
    observe: (done) => {
      if (done % SAID_EVERY === 0 && done < lives) console.error(`${done} of ${lives} lives`);
    },
  });
  console.log(`${new Date().toISOString().slice(0, 10)}: ${lives} lives, seeds ${from} to ${from + lives - 1}`);
  console.log(`${passes} passes, ${notices} notices`);
  for (const [change, { true: right, false: wrong, missed }] of Object.entries(told)) {
    const shares = `precision ${share(right, wrong)}, recall ${share(right, missed)}`;
    console.log(`${change}: ${right} true, ${wrong} false, ${missed} missed; ${shares}`);
  }
  console.log(`${open} told as new where the contract leaves it open`);
  for (const fault of faults.slice(0, MOST_FAULTS)) console.log(fault);
  if (faults.length === 0) return;
  console.log(`${faults.length} faults; --from SEED --trace tells a life pass by pass`);
  process.exitCode = 1;
};

if (!Number.isInteger(lives) || lives < 1 || !Number.isInteger(from)) {
  console.error('--lives and --from take whole numbers');
  process.exitCode = 2;
} else if (values.trace) await liveOnce(from, (line) => console.log(line));
else await tellMany();
