import { z } from 'zod';

import { Failure } from '../model/failure.ts';
import { Finding } from '../model/finding.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Tool } from '../model/tool.ts';

export const VulnerablePackage = z.object({
  package: z.string(),
  path: z.string().nullable(),
  installed: z.string(),
  fixed: z.array(z.string()).describe('Every version that mends one of the findings'),
  findings: z.array(Finding).describe('Worst first'),
});
export type VulnerablePackage = z.infer<typeof VulnerablePackage>;

/** What `gts tool ID --json` prints. */
export const ToolDocument = z
  .object({
    schema: z.literal('gts.tool/1'),
    tool: Tool,
    next: z
      .object({
        image_ref: z.string().nullable(),
        tag: z.string().nullable(),
        rule: z.string().nullable(),
        reason: Failure.nullable(),
      })
      .describe('What the next scan would take, or why it would take nothing'),
    scan: z
      .object({
        image_ref: z.string(),
        rule: z.string().describe('Why that tag was chosen'),
        source: z.enum(['remote', 'docker']),
        platform: z.string(),
        coverage: Coverage,
        reason: Failure.nullable().describe('Why not the whole image could be judged'),
        db_stale: z.boolean(),
      })
      .nullable()
      .describe('null while there was none'),
    failure: z
      .object({ reason: Failure, until: z.string() })
      .nullable()
      .describe('The last failure, while it is remembered'),
    packages: z.array(VulnerablePackage).describe('The package with the worst finding first'),
  })
  .meta({ title: 'gts.tool/1', description: 'Everything known of one tool' });
export type ToolDocument = z.infer<typeof ToolDocument>;
