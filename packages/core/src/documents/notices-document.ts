import { z } from 'zod';

const Moment = z.iso.datetime({ offset: true });

/** One notice on its way to one recipient. */
export const NoticeDelivery = z.object({
  notice: z.string().describe('Stable for each notice, the same for all of its recipients'),
  decided_at: Moment.nullable().describe('null where the notice can no longer be read'),
  subject: z.string().nullable().describe('Of its mail; null where it was not meant to be mailed'),
  channel: z.string(),
  recipient: z.string(),
  status: z
    .enum(['waiting', 'held', 'dead'])
    .describe('waiting: tried again by itself; held: somebody has to change something; dead: not tried any more'),
  attempts: z.int().nonnegative(),
  next_at: Moment.nullable().describe('Not tried before; null: at the next opportunity, or never'),
  held_since: Moment.nullable(),
  reason: z.string().nullable().describe('Why the last attempt failed'),
});
export type NoticeDelivery = z.infer<typeof NoticeDelivery>;

/** What `gts notices list --json` prints. */
export const NoticesDocument = z
  .object({
    schema: z.literal('gts.notices/1'),
    deliveries: z.array(NoticeDelivery).describe('Those that wait, in the order in which they go, then dead letters'),
    totals: z.object({ waiting: z.int(), held: z.int(), dead: z.int() }).describe('Of all, also of those not listed'),
  })
  .meta({ title: 'gts.notices/1', description: 'Which notices did not reach somebody, and why' });
export type NoticesDocument = z.infer<typeof NoticesDocument>;

/** What `gts notices retry --json` prints. */
export const NoticesRetryDocument = z
  .object({ schema: z.literal('gts.notices-retry/1'), due: z.int().nonnegative().describe('Deliveries due now') })
  .meta({ title: 'gts.notices-retry/1', description: 'How many deliveries of notices are to be tried again' });
export type NoticesRetryDocument = z.infer<typeof NoticesRetryDocument>;
