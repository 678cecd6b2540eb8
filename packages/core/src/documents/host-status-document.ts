import { z } from 'zod';

import { Totals } from './host-scan-document.ts';

const Moment = z.iso.datetime();

/** The container of the service, as its engine tells. */
export const ServiceState = z.object({
  state: z
    .string()
    .describe("'running', 'restarting', 'exited' and other words of the engine; 'absent': there is none"),
  health: z.string().nullable().describe("'starting', 'healthy' or 'unhealthy'; null where it is not checked"),
  container: z.string().nullable(),
  image: z.string().nullable(),
  started_at: Moment.nullable(),
  exit_code: z.int().nullable().describe('Of its last end; null while it runs'),
  restarts: z.int().nonnegative().describe('How often Docker has started it again by itself'),
});
export type ServiceState = z.infer<typeof ServiceState>;

/** What `gts host status --json` prints. */
export const HostStatusDocument = z
  .object({
    schema: z.literal('gts.host-status/1'),
    directory: z.string().describe("The directory of this host's data"),
    service: ServiceState,
    problems: z.array(z.string()).describe('Why it is not well, as sentences; none: it is'),
    last_pass: z
      .object({
        outcome: z.enum(['running', 'complete', 'partial', 'failed', 'interrupted']),
        started_at: Moment,
        ended_at: Moment.nullable(),
        reason: z.string().nullable().describe('Why it failed'),
        last_end_at: Moment.nullable().describe('When a pass last came to its end, whatever became of this one'),
        db_updated_at: z.string().nullable(),
        totals: Totals.nullable().describe('Of the last pass that came to its end'),
        not_judged: z
          .number()
          .nullable()
          .optional()
          .describe(
            'Images of that pass that have a result and could not be judged in full; null where it is not known',
          ),
        by: z
          .string()
          .nullable()
          .optional()
          .describe('The command and the user, where somebody made it by hand; null: the service made it'),
      })
      .nullable()
      .describe('null where there was none'),
    next_pass_at: Moment.nullable().describe(
      'null while a pass runs, while the service does not, and where nothing is known',
    ),
    deliveries: z
      .object({
        pending: z.number().describe('Waiting to be tried again'),
        held: z.number().optional().describe('How many of them wait until somebody has changed something'),
        held_since: Moment.nullable().optional(),
        dead: z.number().describe('Refused for good'),
        oldest_pending_at: Moment.nullable(),
        last_error: z.string().nullable(),
      })
      .nullable()
      .describe('null where nothing is known'),
  })
  .meta({ title: 'gts.host-status/1', description: 'How the service that scans this host is' });
export type HostStatusDocument = z.infer<typeof HostStatusDocument>;

/** What `gts host logs --json` prints. */
export const HostLogsDocument = z
  .object({ schema: z.literal('gts.host-logs/1'), lines: z.array(z.string()) })
  .meta({ title: 'gts.host-logs/1', description: 'What the service has written, line by line' });
export type HostLogsDocument = z.infer<typeof HostLogsDocument>;
