import { z } from 'zod';

import { Coverage } from '../model/scan-outcome.ts';
import { SeverityCounts } from '../model/severity.ts';

export const RankedTool = z.object({
  rank: z.number().int().positive(),
  id: z.string(),
  status: z
    .enum(['unknown', 'ok', 'vulnerable'])
    .describe("'ok' only where all of it could be judged and nothing critical or high was found"),
  tag: z.string().nullable().describe('The tag that was scanned'),
  digest: z.string().nullable(),
  scanned_at: z.string().nullable().describe('ISO 8601'),
  db_updated_at: z.string().nullable().describe('When the vulnerability database of that scan was built'),
  coverage: Coverage.nullable().describe("How much could be judged; only 'full' without findings is clean"),
  db_stale: z
    .boolean()
    .nullable()
    .optional()
    .describe('Whether the database of that scan was older than it may be; null where there was none'),
  counts: SeverityCounts.nullable().describe('null while unknown'),
  pull_count: z.number().nonnegative().nullable(),
});
export type RankedTool = z.infer<typeof RankedTool>;

/** What `gts top --json` prints. */
export const TopDocument = z
  .object({
    schema: z.literal('gts.top/1'),
    sort: z.enum(['risk', 'critical', 'pulls', 'name']),
    tools: z.array(RankedTool),
    totals: z.object({
      ranked: z.number().int().nonnegative().describe('How many there were to rank'),
      unknown: z.number().int().nonnegative().describe('How many tools were never scanned'),
    }),
  })
  .meta({ title: 'gts.top/1', description: 'The tools that matter most' });
export type TopDocument = z.infer<typeof TopDocument>;
