// `npm run failures -- [--only TEXT] [--write]`: meets every failure of docs/failures.md by running its command.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'cli', 'tools', 'failures.ts');

await runScript(async () =>
  handOver(await prepareTestbed(), ['--conditions=@scanner/source', program, ...process.argv.slice(2)]),
);
