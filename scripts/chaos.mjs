// `npm run chaos -- [--seconds 600] [--tries 10000] [--seed N]`: kills and races at random moments, over what must not lose anything.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const stores = join(root, 'packages', 'store', 'tools', 'chaos.ts');

await runScript(async () =>
  handOver(await prepareWorkspace(), ['--conditions=@scanner/source', stores, ...process.argv.slice(2)]),
);
