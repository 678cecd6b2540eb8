import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, throwIfInterrupted } from '../setup/run.mjs';
import { tallyTests } from './tally.mjs';

/**
 * Runs vitest on a group of tests, on this terminal.
 *
 * @param {import('../setup/toolchain.mjs').Toolchain} toolchain
 * @param {import('./checks.mjs').TestGroup} group
 * @param {readonly string[]} filters when there are any, only what they match is run
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runTests({ env }, { options }, filters) {
  const directory = await mkdtemp(join(tmpdir(), 'gts-tests-'));
  const outputFile = join(directory, 'report.json');
  try {
    const { code } = await run('pnpm', vitestCommand(options, filters, outputFile), { env, show: true });
    throwIfInterrupted(code);
    return tallyTests(await readReport(outputFile), code, { filtered: filters.length > 0 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} options
 * @param {readonly string[]} filters
 * @param {string} outputFile
 */
const vitestCommand = (options, filters, outputFile) => [
  'exec',
  'vitest',
  'run',
  ...options,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${outputFile}`,
  ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : []),
];

/** @param {string} file */
async function readReport(file) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
