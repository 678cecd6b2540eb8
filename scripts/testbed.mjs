// `npm run testbed`: starts the engines, the registry and the images of the tests, to be used by hand.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'testing', 'src', 'main.ts');

await runScript(async () =>
  handOver(await prepareTestbed(), ['--conditions=@scanner/source', program, ...process.argv.slice(2)]),
);
