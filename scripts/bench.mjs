// `npm run bench -- host`: sets up what the tests need, then measures.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'bench', 'src', 'main.ts');

await runScript(async () =>
  handOver(await prepareTestbed(), ['--conditions=@scanner/source', program, ...process.argv.slice(2)]),
);
