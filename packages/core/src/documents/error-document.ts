import { z } from 'zod';

/** What `--json` prints when nothing could be done: exit codes 2 and 4. */
export const ErrorDocument = z
  .object({
    schema: z.literal('gts.error/1'),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
  })
  .meta({ title: 'gts.error/1', description: 'Why a command did nothing' });
export type ErrorDocument = z.infer<typeof ErrorDocument>;
