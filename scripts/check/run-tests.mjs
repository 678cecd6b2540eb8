import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, throwIfInterrupted } from '../setup/run.mjs';
import { tallyTests } from './tally.mjs';

/**
 * Runs vitest on some of its projects, on this terminal.
 *
 * @param {import('../setup/toolchain.mjs').Toolchain} toolchain
 * @param {{ projects: readonly string[], filters: readonly string[] }} selection
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runTests({ env }, { projects, filters }) {
  const directory = await mkdtemp(join(tmpdir(), 'gts-tests-'));
  const outputFile = join(directory, 'report.json');
  try {
    const { code } = await run('pnpm', vitestCommand(projects, filters, outputFile), { env, show: true });
    throwIfInterrupted(code);
    return tallyTests(await readReport(outputFile), code, { filtered: filters.length > 0 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} projects
 * @param {readonly string[]} filters
 * @param {string} outputFile
 */
const vitestCommand = (projects, filters, outputFile) => [
  'exec',
  'vitest',
  'run',
  ...projects.map((project) => `--project=${project}`),
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
