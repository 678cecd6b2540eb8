// `npm test [-- filter]`: sets up whatever is missing, then runs everything that CI runs.
import { runAll } from './check/run-all.mjs';
import { closingLine } from './check/tally.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

await runScript(async () => {
  const toolchain = await prepareTestbed().catch((error) => {
    process.on('exit', () => process.stdout.write(`\n${closingLine({ passed: 0, failed: 1 })}\n`));
    throw error;
  });
  return runAll(toolchain, { filters: process.argv.slice(2) });
});
