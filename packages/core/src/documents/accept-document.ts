import { z } from 'zod';

import { AcceptanceRule } from '../baseline/rules.ts';
import { Severity } from '../model/severity.ts';

const Moment = z.string().describe('ISO 8601');

/** A finding of a last complete scan that an acceptance is about. */
export const AcceptedHit = z.object({
  reference: z.string(),
  key: z.string(),
  package: z.string(),
  path: z.string().nullable(),
  installed: z.string(),
  fixed: z.string().nullable(),
  severity: Severity,
});
export type AcceptedHit = z.infer<typeof AcceptedHit>;

/** What `gts accept --json` prints. */
export const AcceptDocument = z
  .object({
    schema: z.literal('gts.accept/1'),
    accepted: z.array(
      z.object({
        vulnerability: z.string(),
        image: z.string().nullable().describe('Only in this reference; null: in every one'),
        package: z.string().nullable().describe('Only in this package; null: in every one'),
        as: z.enum(['lines', 'rule']).describe('In the baseline of the reference, or as a rule for what comes too'),
        hits: z.array(AcceptedHit).describe('What it is about today; empty: nothing yet'),
      }),
    ),
    files: z.array(z.string()).describe('File names in the directory of the baselines'),
    since: Moment,
    expires: Moment.nullable(),
    until_fix: z.boolean(),
    reason: z.string(),
    owner: z.string().nullable(),
    looked_at: z.int().nonnegative().describe('How many references with a scan on record were looked at'),
  })
  .meta({ title: 'gts.accept/1', description: 'Which findings were accepted, and what that is about today' });
export type AcceptDocument = z.infer<typeof AcceptDocument>;

/** What `gts baseline import --json` prints. */
export const BaselineImportDocument = z
  .object({
    schema: z.literal('gts.baseline-import/1'),
    file: z.string().describe('File name in the directory of the baselines'),
    imported: z.array(
      z.object({
        rule: AcceptanceRule,
        line: z.int().positive().describe('Where it begins in the file that was read'),
        hits: z.array(AcceptedHit).describe('What it is about today; empty: nothing yet'),
      }),
    ),
    passed_over: z
      .array(z.object({ line: z.int().positive(), what: z.string(), reason: z.string() }))
      .describe('What is there and is no acceptance of a vulnerability'),
  })
  .meta({ title: 'gts.baseline-import/1', description: 'Which rules were taken from a file of ignored findings' });
export type BaselineImportDocument = z.infer<typeof BaselineImportDocument>;

/** What `gts baseline tidy --json` prints. */
export const BaselineTidyDocument = z
  .object({
    schema: z.literal('gts.baseline-tidy/1'),
    written: z.boolean().describe('Whether they were dropped; else they are only listed'),
    dropped: z.array(
      z.object({
        reference: z.string().nullable().describe('null: a rule'),
        file: z.string(),
        what: z.string().describe('The key of the finding, or the vulnerability of the rule'),
        why: z.enum(['gone', 'fixed', 'over']).describe('Not found for 30 days; a fix is there; its end has come'),
        expires: Moment.nullable(),
        reason: z.string().nullable(),
        owner: z.string().nullable(),
      }),
    ),
    refused: z.array(z.object({ reference: z.string(), reason: z.string() })),
  })
  .meta({ title: 'gts.baseline-tidy/1', description: 'What is accepted and not needed any more' });
export type BaselineTidyDocument = z.infer<typeof BaselineTidyDocument>;
