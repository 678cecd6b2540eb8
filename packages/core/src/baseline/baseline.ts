import { z } from 'zod';

import { FindingFilter } from '../documents/host-scan-document.ts';
import type { ListKeeper } from '../model/list-keeper.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity } from '../model/severity.ts';

export const BASELINE_SCHEMA = 'gts.baseline/1';
export const TEXT_LENGTH = 4096;
const FINDING_COUNT = 200_000;

/** A day (UTC) or a moment. */
export const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** One accepted finding: one line of the file. What others noted beside, such as a ticket, is kept as it is. */
export const AcceptedFinding = z.looseObject({
  key: z.string().max(TEXT_LENGTH).describe('See findingKey; `ID|*|` accepts the vulnerability in every package'),
  package: z.string().max(TEXT_LENGTH).nullable().default(null),
  severity: Severity.nullable().default(null).describe('As it was accepted; a worse one is told'),
  fixed: z.string().max(TEXT_LENGTH).nullable().default(null),
  since: Moment.nullable().default(null),
  expires: Moment.nullable().default(null).describe('From then on (a day: UTC) it is not accepted any more'),
  reason: z.string().max(TEXT_LENGTH).nullable().default(null),
  owner: z.string().max(TEXT_LENGTH).nullish().describe('Who answers for it'),
  until_fix: z.boolean().nullish().describe('Accepted only while there is no fix'),
});
export type AcceptedFinding = z.infer<typeof AcceptedFinding>;

/** The accepted findings of one reference, as `snapshots/<image>.json` holds them. */
export const Baseline = z.looseObject({
  schema: z.literal(BASELINE_SCHEMA),
  reference: z.string().max(TEXT_LENGTH).nullable().describe('null in the forms that do not name it'),
  image_id: z.string().max(TEXT_LENGTH).nullable(),
  content: z.string().max(TEXT_LENGTH).nullish().describe('What that image holds, by whatever ID an engine knows it'),
  saved_at: Moment.nullish().describe('When the lines were last saved from a scan of it'),
  whole: z.boolean().nullish().describe('Whether it accepts a scan whole; false: single findings only'),
  coverage: Coverage.nullable().describe('How much of that image could be judged'),
  filter: z.looseObject(FindingFilter.shape).nullable().describe('What was listed when it was accepted'),
  findings: z.array(AcceptedFinding).max(FINDING_COUNT).describe('By key'),
});
export type Baseline = z.infer<typeof Baseline>;

/** A baseline to which single acceptances are added: it accepts nothing yet, and no scan whole. */
export const noneWhole = (reference: string): Baseline => ({
  schema: BASELINE_SCHEMA,
  reference,
  image_id: null,
  whole: false,
  coverage: null,
  filter: null,
  findings: [],
});

/** The same with its findings kept by `lists`. */
export const keepBaseline = (baseline: Baseline, lists: ListKeeper): Baseline => ({
  ...baseline,
  findings: lists.keep(baseline.findings),
});
