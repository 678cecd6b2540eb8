// `npm start [-- options]`: sets up whatever is missing, then scans this host's images.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareScan } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'cli', 'dist', 'start.js');

await runScript(async () => handOver(await prepareScan(), [program, ...process.argv.slice(2)]));
