import { run, throwIfInterrupted } from '../setup/run.mjs';
import { say, seconds } from '../setup/say.mjs';
import { checks, quickTests, realTests, timedTests } from './checks.mjs';
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
  const tests = [];
  for (const group of quick ? [quickTests] : [quickTests, realTests, timedTests]) {
    tests.push(await runGroup(toolchain, group, filters));
  }
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
 * @param {import('./checks.mjs').TestGroup} group
 * @param {readonly string[]} filters
 */
async function runGroup(toolchain, group, filters) {
  const started = Date.now();
  const tally = await runTests(toolchain, group, filters);
  for (const fault of tally.faults) say(fault);
  report(group.name, tally.failed > 0, started);
  return tally;
}

/**
 * @param {string} name
 * @param {boolean} hasFailed
 * @param {number} started
 */
const report = (name, hasFailed, started) => say(`${hasFailed ? '✗' : '✓'} ${name} (${seconds(Date.now() - started)})`);
