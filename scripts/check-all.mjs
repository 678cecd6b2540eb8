// `node scripts/check-all.mjs [--quick] [filter]`: all checks; with --quick none that needs Trivy, engines or root.
import { runAll } from './check/run-all.mjs';
import { prepareTestbed, prepareWorkspace } from './setup/prepare.mjs';
import { runScript } from './setup/say.mjs';

const quickOption = '--quick';
const quick = process.argv.includes(quickOption);
const filters = process.argv.slice(2).filter((argument) => argument !== quickOption);

await runScript(async () => runAll(await (quick ? prepareWorkspace() : prepareTestbed()), { quick, filters }));
