// `npm run soak -- [passes]`: sets up what the tests need, then lets image-scanner make passes for a while.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'daemon', 'tools', 'soak.ts');

await runScript(async () =>
  handOver(await prepareTestbed(), ['--conditions=@scanner/source', program, ...process.argv.slice(2)]),
);
