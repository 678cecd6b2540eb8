import { run, throwIfInterrupted } from '../setup/run.mjs';
import { say, seconds } from '../setup/say.mjs';
import { checks, testProjects } from './checks.mjs';
import { runTests } from './run-tests.mjs';
import { closingLine, sum, tallyAll } from './tally.mjs';

/**
 * Runs every check and every test and closes with one line of counts on standard output. A failed check counts as one
 * failure.
 *
 * @param {import('../setup/toolchain.mjs').Toolchain} toolchain
 * @param {{ quick?: boolean, filters?: readonly string[] }} [options] `filters` are handed to vitest
 * @returns {Promise<number>} the exit code
 */
export async function runAll(toolchain, { quick = false, filters = [] } = {}) {
  const results = [];
  for (const check of checks) results.push(await runCheck(toolchain, check));
  const tests = [await runProjects(toolchain, { name: 'quick tests', projects: testProjects.quick, filters })];
  if (!quick)
    tests.push(await runProjects(toolchain, { name: 'tests on real parts', projects: testProjects.real, filters }));
  const total = sum([...results, tallyAll(tests)]);
  process.stdout.write(`\n${closingLine(total)}\n`);
  return total.failed === 0 ? 0 : 1;
}

/**
 * @param {import('../setup/toolchain.mjs').Toolchain} toolchain
 * @param {import('./checks.mjs').Check} check
 */
async function runCheck({ env }, { name, command }) {
  const started = Date.now();
  const { code, output } = await run('pnpm', ['exec', ...command], { env });
  throwIfInterrupted(code);
  const hasFailed = code !== 0;
  if (hasFailed) say(output.trimEnd());
  report(name, hasFailed, started);
  return { passed: 0, failed: hasFailed ? 1 : 0 };
}

/**
 * @param {import('../setup/toolchain.mjs').Toolchain} toolchain
 * @param {{ name: string, projects: readonly string[], filters: readonly string[] }} selection
 */
async function runProjects(toolchain, { name, projects, filters }) {
  const started = Date.now();
  const tally = await runTests(toolchain, { projects, filters });
  for (const fault of tally.faults) say(fault);
  report(name, tally.failed > 0, started);
  return tally;
}

/**
 * @param {string} name
 * @param {boolean} hasFailed
 * @param {number} started
 */
const report = (name, hasFailed, started) => say(`${hasFailed ? '✗' : '✓'} ${name} (${seconds(Date.now() - started)})`);
