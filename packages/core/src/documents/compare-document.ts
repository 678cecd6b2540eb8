import { z } from 'zod';

import { Finding } from '../model/finding.ts';
import { FindingFilter, ImageReport, TrivyUsed } from './host-scan-document.ts';

/** What `gts compare A B --json` prints: what changing A for B does. */
export const CompareDocument = z
  .object({
    schema: z.literal('gts.compare/1'),
    started_at: z.iso.datetime(),
    finished_at: z.iso.datetime(),
    trivy: TrivyUsed,
    filter: FindingFilter,
    a: ImageReport,
    b: ImageReport,
    comparable: z
      .boolean()
      .describe('false when either scan failed or could not judge all of its image: then nothing is said of changes'),
    removed: z.array(Finding).describe('In A and not in B'),
    added: z.array(Finding).describe('In B and not in A'),
    kept: z.array(Finding).describe('In both, as B has them'),
  })
  .meta({ title: 'gts.compare/1', description: 'What exchanging one image for another removes, adds and keeps' });
export type CompareDocument = z.infer<typeof CompareDocument>;
