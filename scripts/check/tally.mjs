/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 *
 * @typedef {Counts & { faults: readonly string[] }} Tally `faults` tell what is wrong beside failed tests
 *
 * @typedef {object} VitestReport the parts of vitest's JSON report that are counted
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numTotalTests
 * @property {ReadonlyArray<{ name: string, status: string, assertionResults: readonly unknown[] }>} testResults
 */

/**
 * Counts a run of vitest. What is not a failed test and still no success counts as one failure each: a file that
 * cannot be loaded, a test that is skipped, a run that ends badly although its tests pass.
 *
 * @param {VitestReport | undefined} report nothing when vitest wrote none
 * @param {number} exitCode
 * @param {{ filtered: boolean }} options with a filter other tests are left out on purpose
 * @returns {Tally}
 */
export function tallyTests(report, exitCode, { filtered }) {
  if (report === undefined) return { passed: 0, failed: 1, faults: ['vitest ended without a report'] };
  const { numPassedTests: passed, numFailedTests: failedTests, numTotalTests: total, testResults } = report;
  const faults = testResults
    .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
    .map(({ name }) => `${name} could not be run`);
  const skipped = total - passed - failedTests;
  if (!filtered && skipped > 0) faults.push(`tests skipped: ${skipped}; every test has to run`);
  if (!filtered && total === 0) faults.push('no test was found');
  if (exitCode !== 0 && failedTests + faults.length === 0) faults.push(`vitest ended with exit code ${exitCode}`);
  return { passed, failed: failedTests + faults.length, faults };
}

/**
 * The counts of all runs of vitest together; a filter that no test matches is a failure.
 *
 * @param {readonly Counts[]} tallies
 * @returns {Counts}
 */
export function tallyAll(tallies) {
  const total = sum(tallies);
  return total.passed + total.failed === 0 ? { passed: 0, failed: 1 } : total;
}

/**
 * @param {readonly Counts[]} counts
 * @returns {Counts}
 */
export const sum = (counts) => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/**
 * The last line of every run.
 *
 * @param {Counts} counts
 */
export const closingLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
