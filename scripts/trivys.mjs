// `npm run trivys -- [VERSION…]`: builds several Trivys and compares, with each, what is found in every way of scanning.
import { runTests } from './check/run-tests.mjs';
import { prepareTestbed } from './setup/prepare.mjs';
import { SetupError, runScript, say } from './setup/say.mjs';
import { provideTrivyVersion } from './setup/trivy-versions.mjs';

/** The pinned one comes last. */
const versions = ['0.57.1', '0.68.0', '0.72.0', '0.73.0', '0.74.0'];

const files = ['packages/scanner/e2e/trivy-parity.test.ts', 'packages/cli/e2e/demo.test.ts'];

await runScript(async () => {
  const named = process.argv.slice(2);
  const toolchain = await prepareTestbed();
  /** @type {Array<readonly string[]>} */
  const rows = [];
  for (const version of named.length > 0 ? named : versions)
    rows.push([version, new Date().toISOString().slice(0, 10), await compareWith(version, toolchain)]);
  process.stdout.write('\n| Trivy | run on | findings and coverage |\n| --- | --- | --- |\n');
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
  return rows.every(([, , outcome]) => outcome?.startsWith('equal')) ? 0 : 1;
});

/**
 * @param {string} version
 * @param {import('./setup/toolchain.mjs').Toolchain} toolchain
 * @returns {Promise<string>} what came of it, for the table
 */
async function compareWith(version, toolchain) {
  try {
    const trivy = await provideTrivyVersion(version, toolchain.env);
    say(`• Comparing with Trivy ${version} …`);
    const env = { ...toolchain.env, GTS_TESTBED_TRIVY: trivy };
    const group = { name: `Trivy ${version}`, options: ['--project=real'] };
    const { passed, failed } = await runTests({ ...toolchain, env }, group, files);
    return failed === 0 ? `equal (${passed} tests)` : `${failed} of ${passed + failed} tests failed`;
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== 1) throw error;
    say(`${error.message}\n${error.hint}`);
    return 'not run: it could not be built';
  }
}
