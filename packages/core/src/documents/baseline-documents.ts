import { z } from 'zod';

import { AcceptedFinding } from '../baseline/baseline.ts';
import { AcceptanceRule } from '../baseline/rules.ts';
import { Cause } from '../comparison/circumstances.ts';
import { Finding } from '../model/finding.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity } from '../model/severity.ts';
import { FindingFilter } from './host-scan-document.ts';

const Reference = z.string();
const File = z.string().describe('File name in the directory of the baselines');

/** A reference for which something was asked that cannot be done. */
export const BaselineRefusal = z.object({
  reference: Reference,
  reason: z.string().describe('Why, and what to do about it'),
});
export type BaselineRefusal = z.infer<typeof BaselineRefusal>;

const refused = z.array(BaselineRefusal);
const listed = z.array(Severity).describe('Only these are accepted and compared');

export const SavedBaseline = z.object({
  reference: Reference,
  file: File,
  image_id: z.string(),
  scanned_at: z.iso.datetime({ offset: true }),
  accepted: z.int().nonnegative().describe('How many findings are accepted now'),
  added: z.int().nonnegative().describe('How many of them were not accepted before'),
  dropped: z.int().nonnegative().describe('How many were accepted before and are not listed any more'),
});
export type SavedBaseline = z.infer<typeof SavedBaseline>;

/** What `gts baseline save --json` prints. */
export const BaselineSaveDocument = z
  .object({ schema: z.literal('gts.baseline-save/1'), severities: listed, saved: z.array(SavedBaseline), refused })
  .meta({ title: 'gts.baseline-save/1', description: 'Which last scans were accepted, and which were not' });
export type BaselineSaveDocument = z.infer<typeof BaselineSaveDocument>;

const whole = z.boolean().describe('Whether it accepts a scan whole; false: single findings only');

const ShownRule = AcceptanceRule.extend({
  expired: z.boolean().describe('Its end has come: it accepts nothing any more'),
});

export const ShownBaseline = z.object({
  reference: Reference,
  file: File.describe(
    'File name in the directory of the baselines; that of the rules where only those accept something',
  ),
  whole,
  image_id: z.string().nullable(),
  coverage: Coverage.nullable(),
  filter: FindingFilter.nullable(),
  findings: z
    .array(
      AcceptedFinding.extend({
        expired: z.boolean().describe('Accepted once, and not any more: its end has come, or the fix'),
      }),
    )
    .describe('Worst first'),
  rules: z
    .array(ShownRule.extend({ hits: z.array(z.string()).describe('Keys of findings of the last complete scan') }))
    .describe('Rules that are about findings of it which it does not name itself'),
});
export type ShownBaseline = z.infer<typeof ShownBaseline>;

/** What `gts baseline show --json` prints. */
export const BaselineShowDocument = z
  .object({ schema: z.literal('gts.baseline-show/1'), baselines: z.array(ShownBaseline), refused })
  .meta({ title: 'gts.baseline-show/1', description: 'What is accepted of each reference' });
export type BaselineShowDocument = z.infer<typeof BaselineShowDocument>;

export const BaselineDifference = z.object({
  reference: Reference,
  file: File,
  image_id: z.string().describe('Of the last complete scan'),
  scanned_at: z.iso.datetime({ offset: true }),
  causes: z.array(Cause).describe('What changed since the baseline was saved'),
  withheld: z
    .enum(['partial', 'database_stale', 'coverage_differs'])
    .nullable()
    .describe('Why nothing is called resolved; null when it would be'),
  whole,
  new: z.array(Finding).describe('Found and not accepted; of single acceptances only those that have ended'),
  not_accepted: z.array(Finding).describe('Every listed finding that no acceptance in force covers'),
  resolved: z.array(z.string()).describe('Keys of what is accepted and not found any more'),
  severity_raised: z.array(z.object({ finding: Finding, from: Severity })),
  fix_available: z.array(Finding),
  joined: z.array(Finding).describe('Not accepted, and listed only because a setting changed'),
});
export type BaselineDifference = z.infer<typeof BaselineDifference>;

/** What `gts baseline diff --json` prints. */
export const BaselineDiffDocument = z
  .object({
    schema: z.literal('gts.baseline-diff/1'),
    severities: listed,
    differences: z.array(BaselineDifference),
    refused,
  })
  .meta({ title: 'gts.baseline-diff/1', description: 'What the last complete scans say beyond the baselines' });
export type BaselineDiffDocument = z.infer<typeof BaselineDiffDocument>;

export const ListedBaseline = z.object({
  file: File,
  reference: Reference.nullable().describe('null where neither the file nor its name says it'),
  problem: z.string().nullable().describe('Why the file cannot be used; null when it can'),
  accepted: z.int().nonnegative().nullable().describe('How many findings are accepted'),
  expired: z.int().nonnegative().nullable().describe('How many were, and are not any more'),
  image_id: z.string().nullable(),
  whole: whole.nullable(),
});
export type ListedBaseline = z.infer<typeof ListedBaseline>;

/** What `gts baseline list --json` prints. */
export const BaselineListDocument = z
  .object({
    schema: z.literal('gts.baseline-list/1'),
    baselines: z.array(ListedBaseline),
    rules: z.object({
      file: File,
      problem: z.string().nullable().describe('Why the file cannot be used; null when it can'),
      rules: z.array(ShownRule).describe('What is accepted in every reference, by vulnerability'),
    }),
  })
  .meta({ title: 'gts.baseline-list/1', description: 'Every baseline, usable or not' });
export type BaselineListDocument = z.infer<typeof BaselineListDocument>;

/** What `gts baseline remove --json` prints. */
export const BaselineRemoveDocument = z
  .object({
    schema: z.literal('gts.baseline-remove/1'),
    removed: z.array(z.object({ reference: Reference, files: z.array(File) })),
    refused,
  })
  .meta({ title: 'gts.baseline-remove/1', description: 'Which baselines were removed' });
export type BaselineRemoveDocument = z.infer<typeof BaselineRemoveDocument>;
