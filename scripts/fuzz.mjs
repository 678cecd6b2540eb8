// `npm run fuzz -- [--minutes 10] [--seed 1]`: feeds every parser of what others write with odd input, for so long in all.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { handOver } from './setup/hand-over.mjs';
import { root } from './setup/places.mjs';
import { prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const PACKAGES = ['scanner', 'scraper', 'store', 'notifier', 'cli'];

await runScript(async () => {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
  });
  const toolchain = await prepareWorkspace();
  const share = String(Number(values.minutes) / PACKAGES.length);
  console.log('| input | inputs | faults |\n| --- | ---: | ---: |');
  let code = 0;
  for (const name of PACKAGES) {
    const program = join(root, 'packages', name, 'tools', 'fuzz.ts');
    const args = ['--conditions=@scanner/source', program, '--minutes', share, '--seed', values.seed];
    code = Math.max(code, await handOver(toolchain, args));
  }
  return code;
});
