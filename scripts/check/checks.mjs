/**
 * @typedef {object} Check
 * @property {string} name
 * @property {readonly string[]} command run by pnpm from the root
 */

/**
 * What CI demands beside the tests. Each one runs even when an earlier one failed.
 * @type {readonly Check[]}
 */
export const checks = [
  { name: 'build', command: ['turbo', 'run', 'build', '--output-logs=errors-only'] },
  { name: 'types', command: ['tsc', '-b', 'tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'unused code and dependencies', command: ['knip', '--no-config-hints'] },
  { name: 'layers', command: ['turbo', 'boundaries'] },
  { name: 'published packages', command: ['turbo', 'run', 'publint', '--output-logs=errors-only'] },
];

/**
 * @typedef {object} TestGroup
 * @property {string} name
 * @property {readonly string[]} options vitest's, which choose the projects and how they run
 */

/** @type {TestGroup} */
export const quickTests = { name: 'quick tests', options: ['--project=scripts', '--project=unit'] };

/**
 * Two files at a time: they wait for engines, databases and clocks more than they work.
 *
 * @type {TestGroup}
 */
export const realTests = { name: 'tests on real parts', options: ['--project=real', '--maxWorkers=2'] };

/** @type {TestGroup} */
export const timedTests = { name: 'tests by the clock', options: ['--project=timed', '--maxWorkers=1'] };
