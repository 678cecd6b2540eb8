// `npm run lives -- [--lives 1000] [--from SEED] [--trace]`: judges what generated lives of a host are told.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'core', 'tools', 'lives.ts');

await runScript(async () =>
  handOver(await prepareWorkspace(), ['--conditions=@scanner/source', program, ...process.argv.slice(2)]),
);
