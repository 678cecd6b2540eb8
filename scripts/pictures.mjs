// `npm run pictures`: draws the pictures of the documentation anew, of a mail that is really sent. Needs Chromium.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'cli', 'tools', 'notice-pictures.ts');

await runScript(async () => handOver(await prepareTestbed(), ['--conditions=@scanner/source', program]));
