import { type ImageReport, ScannerError, type TrivyUsed } from '@scanner/core';

import { coverageInWords, nameOf, reasonInWords, staleInWords } from './text/words.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** More runs in one log are refused by GitHub's code scanning. */
export const MOST_SARIF_RUNS = 20;

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
 * A run that left out what it could not judge is no successful one: nobody may take what it lacks for mended. Images that
 * failed have no results to replace older ones by, so that they stand together in a run of their own.
 *
 * @param failed images without a scan
 * @throws ScannerError `trivy_broken` when a log is not SARIF 2.1.0
 */
export const mergeSarif = (
  logs: readonly ImageSarif[],
  trivy: TrivyUsed,
  failed: readonly ImageReport[] = [],
): SarifLog => ({
  $schema: SCHEMA,
  version: '2.1.0',
  runs: [
    ...logs.flatMap(({ report, log }) =>
      runsOf(report, log).map((run, index, { length }) => ({
        ...run,
        ...warned(report, trivy),
        automationDetails: { id: length === 1 ? `gts/${calling(report)}/` : `gts/${calling(report)}/${index + 1}/` },
      })),
    ),
    ...(failed.length === 0 ? [] : [runOfFailed(failed, trivy)]),
  ],
});

const calling = ({ references, id }: ImageReport): string => references[0] ?? id ?? 'image';

const warned = (report: ImageReport, trivy: TrivyUsed): SarifRun => {
  const toolExecutionNotifications = [coverageInWords(report), staleInWords(trivy)]
    .filter((warning) => warning !== null)
    .map((warning) => ({ level: 'warning', message: { text: `${nameOf(report)}: ${warning}` } }));
  if (toolExecutionNotifications.length === 0) return {};
  const executionSuccessful = report.coverage !== 'unsupported' && report.coverage !== 'partial';
  return { invocations: [{ executionSuccessful, toolExecutionNotifications }] };
};

const runOfFailed = (failed: readonly ImageReport[], trivy: TrivyUsed): SarifRun => ({
  tool: { driver: { name: 'Trivy', version: trivy.version, rules: [] } },
  invocations: [
    {
      executionSuccessful: false,
      toolExecutionNotifications: failed.map((report) => ({
        level: 'error',
        message: { text: `${nameOf(report)} was not scanned: ${reasonInWords(report.reason) ?? 'no reason is known'}` },
      })),
    },
  ],
  results: [],
  automationDetails: { id: 'gts/not-scanned/' },
});

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
