import { ScannerError } from '@scanner/core';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** A SARIF 2.1.0 log of one image, as `trivy convert` writes it. */
export interface ImageSarif {
  readonly image: string;
  readonly log: unknown;
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly Readonly<Record<string, unknown>>[];
}

/**
 * One SARIF log with the runs of all of them. Each run is given its image as `automationDetails.id`, since runs of one
 * tool that cannot be told apart are refused by those who take them in.
 *
 * @throws ScannerError `trivy_broken` when a log is not SARIF 2.1.0
 */
export const mergeSarif = (logs: readonly ImageSarif[]): SarifLog => ({
  $schema: SCHEMA,
  version: '2.1.0',
  runs: logs.flatMap(({ image, log }) =>
    runsOf(image, log).map((run, index, { length }) => ({
      ...run,
      automationDetails: { id: length === 1 ? `gts/${image}/` : `gts/${image}/${index + 1}/` },
    })),
  ),
});

const runsOf = (image: string, log: unknown): readonly Readonly<Record<string, unknown>>[] => {
  if (isRecord(log) && log['version'] === '2.1.0' && Array.isArray(log['runs'])) {
    const runs: readonly unknown[] = log['runs'];
    if (runs.every(isRecord)) return runs;
  }
  throw new ScannerError(`what Trivy wrote for ${image} is not SARIF 2.1.0`, {
    code: 'trivy_broken',
    hint: 'see what `gts doctor` says of Trivy',
  });
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
