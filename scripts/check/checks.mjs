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

/** The vitest projects in the order they run: the quick ones first. */
export const testProjects = {
  quick: ['scripts', 'unit'],
  real: ['real'],
};
