import { z } from 'zod';

export const Check = z.object({
  name: z.string().describe("What was looked at, e.g. 'docker' or 'database'"),
  state: z.enum(['ok', 'warning', 'failed']),
  message: z.string(),
  hint: z.string().nullable().describe('What to do about it'),
});
export type Check = z.infer<typeof Check>;

/** What `gts doctor --json` prints. */
export const DoctorDocument = z
  .object({ schema: z.literal('gts.doctor/1'), checks: z.array(Check) })
  .meta({ title: 'gts.doctor/1', description: 'Whether a host scan could run here' });
export type DoctorDocument = z.infer<typeof DoctorDocument>;
