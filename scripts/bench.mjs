// `npm run bench -- host`: sets up what the tests need, then measures.
import { join } from 'node:path';
import { withGo } from './setup/go.mjs';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const program = join(root, 'packages', 'bench', 'src', 'main.ts');

// Go makes the large vulnerability database, when none is kept from before.
await runScript(async () => {
  const toolchain = await prepareTestbed();
  const env = await withGo(toolchain.env);
  return handOver({ ...toolchain, env }, ['--conditions=@scanner/source', program, ...process.argv.slice(2)]);
});
