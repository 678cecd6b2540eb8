// `npm run chaos -- [--minutes 40] [--tries 10000] [--seed N]`: harms the programs at random moments, over what must not lose
// anything. `npm run chaos -- stores [--seconds 600] [--tries 10000] [--seed N]`: the same for the files of the stores alone.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed, prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const programs = join(root, 'packages', 'chaos', 'src', 'main.ts');
const stores = join(root, 'packages', 'store', 'tools', 'chaos.ts');
const ofSource = '--conditions=@scanner/source';

const [first, ...rest] = process.argv.slice(2);

await runScript(async () =>
  first === 'stores'
    ? handOver(await prepareWorkspace(), [ofSource, stores, ...rest])
    : handOver(await prepareTestbed(), [ofSource, programs, ...process.argv.slice(2)]),
);
