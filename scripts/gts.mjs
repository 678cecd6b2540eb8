// `npm run gts -- COMMAND …`: the gts of this checkout, built if need be, in the directory that npm was called from.
import { join } from 'node:path';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';
import { build } from './setup/workspace.mjs';

const program = join(root, 'packages', 'cli', 'dist', 'main.js');

await runScript(async () => {
  const toolchain = await prepareWorkspace();
  await build(toolchain);
  process.chdir(process.env.INIT_CWD ?? root);
  return handOver(toolchain, [program, ...process.argv.slice(2)]);
});
