import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import type { ScanDocument } from '@scanner/core';
import {
  countSarifRuns,
  MOST_SARIF_RUNS,
  renderSarif,
  type SarifOptions,
  type SarifRun,
  sarifRuns,
} from '@scanner/report';

import { isDirectory } from './is-directory.ts';
import { writeResult, writeResultFile } from './write-result.ts';

/**
 * Writes a document as SARIF: as one log to stdout or into a file, which warns where GitHub would refuse it, or into a
 * directory as a log for each 20 runs.
 */
export const writeSarif = async (
  context: CommandContext,
  document: ScanDocument,
  { output, ...options }: SarifOptions & { readonly output: string | undefined },
): Promise<void> => {
  const runs = sarifRuns(document, options);
  if (output !== undefined && (await isDirectory(resolve(context.cwd, output))))
    return writeLogs(context, runs, resolve(context.cwd, output));
  const count = countSarifRuns(document);
  if (count > MOST_SARIF_RUNS)
    context.console.log.warn(
      `the log has ${count} runs, and GitHub's code scanning refuses more than ${MOST_SARIF_RUNS}: name a directory with --output, and each ${MOST_SARIF_RUNS} get a file`,
    );
  await writeResult(context, renderSarif(runs), output);
};

const OWN_LOG = /^gts-\d+\.sarif$/;

/** Whoever uploads the directory uploads all of it: what a call with more images left there goes. */
const writeLogs = async (context: CommandContext, runs: Iterable<SarifRun>, directory: string): Promise<void> => {
  const written = new Set<string>();
  for (const log of inLogs(runs)) {
    const name = `gts-${written.size + 1}.sarif`;
    await writeResultFile(context, renderSarif(log), join(directory, name));
    written.add(name);
  }
  for (const name of await readdir(directory))
    if (OWN_LOG.test(name) && !written.has(name)) await rm(join(directory, name), { force: true });
};

/** At least one, since a file without runs says that there were no images. */
const inLogs = function* (runs: Iterable<SarifRun>): Generator<readonly SarifRun[], void, undefined> {
  let log: SarifRun[] = [];
  let count = 0;
  for (const run of runs) {
    log.push(run);
    if (log.length < MOST_SARIF_RUNS) continue;
    yield log;
    count += 1;
    log = [];
  }
  if (log.length > 0 || count === 0) yield log;
};
