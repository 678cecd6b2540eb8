import { type ImageReport, ScannerError, type TrivyUsed } from '@scanner/core';

import { coverageInWords, nameOf, staleInWords } from './text/words.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** A SARIF 2.1.0 log of one image that was scanned, as `trivy convert` writes it. */
export interface ImageSarif {
  readonly report: ImageReport;
  readonly log: unknown;
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

type SarifRun = Readonly<Record<string, unknown>>;

/**
 * One SARIF log with the runs of all of them. Each run is given its image as `automationDetails.id`, since runs of one
 * tool that cannot be told apart are refused by those who take them in, and warnings where no results do not mean clean.
 *
 * @throws ScannerError `trivy_broken` when a log is not SARIF 2.1.0
 */
export const mergeSarif = (logs: readonly ImageSarif[], trivy: TrivyUsed): SarifLog => ({
  $schema: SCHEMA,
  version: '2.1.0',
  runs: logs.flatMap(({ report, log }) => {
    const image = report.references[0] ?? report.id ?? 'image';
    return runsOf(report, log).map((run, index, { length }) => ({
      ...run,
      ...warned([coverageInWords(report), staleInWords(trivy)]),
      automationDetails: { id: length === 1 ? `gts/${image}/` : `gts/${image}/${index + 1}/` },
    }));
  }),
});

const warned = (warnings: ReadonlyArray<string | null>): SarifRun => {
  const toolExecutionNotifications = warnings
    .filter((warning) => warning !== null)
    .map((text) => ({ level: 'warning', message: { text } }));
  return toolExecutionNotifications.length === 0
    ? {}
    : { invocations: [{ executionSuccessful: true, toolExecutionNotifications }] };
};

const runsOf = (report: ImageReport, log: unknown): readonly SarifRun[] => {
  if (isRecord(log) && log['version'] === '2.1.0' && Array.isArray(log['runs'])) {
    const runs: readonly unknown[] = log['runs'];
    if (runs.every(isRecord)) return runs;
  }
  throw new ScannerError(`what Trivy wrote for ${nameOf(report)} is not SARIF 2.1.0`, {
    code: 'trivy_broken',
    hint: 'see what `gts doctor` says of Trivy',
  });
};

const isRecord = (value: unknown): value is SarifRun =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
