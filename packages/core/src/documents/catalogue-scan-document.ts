import { z } from 'zod';

import { Failure } from '../model/failure.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { SeverityCounts } from '../model/severity.ts';

export const ToolReport = z.object({
  id: z.string(),
  image_ref: z.string().nullable().describe('null where the tool resolves to nothing, or was skipped before'),
  tag: z.string().nullable(),
  rule: z.string().nullable().describe('Why that tag was chosen'),
  status: z
    .enum(['scanned', 'failed', 'skipped_fresh', 'skipped_failed', 'unresolved', 'not_reached', 'selected'])
    .describe("'selected' in a dry run; 'not_reached' when the run ended before"),
  counts: SeverityCounts.nullable().describe('null unless scanned'),
  reason: Failure.nullable().describe('Why it was not scanned, or could not be judged in full'),
  digest: z.string().nullable().describe('What was scanned'),
  source: z.enum(['remote', 'docker']).nullable(),
  coverage: Coverage.nullable().describe(
    'How much of the image could be judged; in a dry run, by the last scan. null where nobody knows',
  ),
  reused: z.enum(['none', 'analysis', 'result']).describe('What was known from before'),
  saved: z.boolean().describe('Whether the result is in the store'),
  security_status: z
    .enum(['unknown', 'ok', 'vulnerable'])
    .nullable()
    .describe(
      "null where it was not looked at; 'unknown' as well where not all of it could be judged and nothing bad was found",
    ),
  db_stale: z
    .boolean()
    .nullable()
    .optional()
    .describe('Whether the database of that scan was older than it may be; null where there was none'),
  last_scan: z.string().nullable().describe('ISO 8601'),
});
export type ToolReport = z.infer<typeof ToolReport>;

export const CatalogueScanTotals = z.object({
  selected: z.number().int().nonnegative().describe('Due, with an image to scan'),
  scanned: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped_fresh: z.number().int().nonnegative(),
  skipped_failed: z.number().int().nonnegative(),
  unresolved: z.number().int().nonnegative(),
  not_reached: z.number().int().nonnegative(),
  unsaved: z.number().int().nonnegative().describe('Scanned, and refused by the store to the end'),
});
export type CatalogueScanTotals = z.infer<typeof CatalogueScanTotals>;

/** What `gts scan --json` prints, `--dry-run` included. */
export const CatalogueScanDocument = z
  .object({
    schema: z.literal('gts.scan/1'),
    dry_run: z.boolean(),
    tools: z.array(ToolReport),
    totals: CatalogueScanTotals,
    resume_at: z.string().nullable().describe('ISO 8601: when a registry grants more pulls, where that ended the run'),
  })
  .meta({ title: 'gts.scan/1', description: 'A scan of the catalogue' });
export type CatalogueScanDocument = z.infer<typeof CatalogueScanDocument>;
