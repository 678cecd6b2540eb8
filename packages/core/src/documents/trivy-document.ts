import { z } from 'zod';

/** What `gts trivy install|version --json` prints. */
export const TrivyDocument = z
  .object({
    schema: z.literal('gts.trivy/1'),
    version: z.string(),
    path: z.string().describe('Absolute'),
    origin: z.enum(['explicit', 'path', 'cache']).describe('Named by a setting, found in PATH, or got by gts'),
  })
  .meta({ title: 'gts.trivy/1', description: 'The Trivy that gts uses' });
export type TrivyDocument = z.infer<typeof TrivyDocument>;
