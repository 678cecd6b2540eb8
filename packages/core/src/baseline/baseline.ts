import { z } from 'zod';

import { FindingFilter } from '../documents/host-scan-document.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity } from '../model/severity.ts';

export const BASELINE_SCHEMA = 'gts.baseline/1';
const TEXT_LENGTH = 4096;
const FINDING_COUNT = 200_000;

const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** One accepted finding: one line of the file. */
export const AcceptedFinding = z.strictObject({
  key: z.string().max(TEXT_LENGTH).describe('See findingKey; `ID|*|` accepts the vulnerability in every package'),
  package: z.string().max(TEXT_LENGTH).nullable().default(null),
  severity: Severity.nullable().default(null).describe('As it was accepted; a worse one is told'),
  fixed: z.string().max(TEXT_LENGTH).nullable().default(null),
  since: Moment.nullable().default(null),
  expires: Moment.nullable().default(null).describe('From then on (a day: UTC) it is not accepted any more'),
  reason: z.string().max(TEXT_LENGTH).nullable().default(null),
});
export type AcceptedFinding = z.infer<typeof AcceptedFinding>;

/** The accepted findings of one reference, as `snapshots/<image>.json` holds them. */
export const Baseline = z.strictObject({
  schema: z.literal(BASELINE_SCHEMA),
  reference: z.string().max(TEXT_LENGTH).nullable().describe('null in the forms that do not name it'),
  image_id: z.string().max(TEXT_LENGTH).nullable(),
  coverage: Coverage.nullable().describe('How much of that image could be judged'),
  filter: FindingFilter.nullable().describe('What was listed when it was accepted'),
  findings: z.array(AcceptedFinding).max(FINDING_COUNT).describe('By key'),
});
export type Baseline = z.infer<typeof Baseline>;
