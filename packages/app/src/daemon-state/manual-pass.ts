import { userInfo } from 'node:os';
import { join } from 'node:path';

import type { Clock, HostPassOutcome, Log } from '@scanner/core';
import { writeFileAtomically } from '@scanner/store';
import { z } from 'zod';

import { factsOf, howItEnded, LastPass } from './last-pass.ts';
import { readBounded } from './read-bounded.ts';

/** How the last pass went that somebody made by hand. The schedule and the metrics of a daemon do not go by it. */
export const ManualPass = LastPass.omit({ settings: true, images: true }).extend({
  schema: z.literal('gts.manual-pass/1'),
  by: z.string().describe('The command, and the user who started it'),
});
export type ManualPass = z.infer<typeof ManualPass>;

export interface ManualPassContext {
  /** The state directory. */
  readonly state: string;
  /** How it was called, without secrets. */
  readonly commandLine: string;
  readonly clock: Clock;
  readonly log: Log;
}

const MAX_BYTES = 64 * 1024;

const fileIn = (state: string): string => join(state, 'manual-pass.json');

/** The last pass by hand; null where there was none, or what is written of it makes no sense. */
export const readManualPass = (state: string): ManualPass | null => {
  try {
    return ManualPass.parse(JSON.parse(readBounded(fileIn(state), MAX_BYTES) ?? ''));
  } catch {
    return null;
  }
};

/** Makes a pass by hand and leaves how it went, which changes nothing about the pass. */
export const recorded = async (
  { state, commandLine, clock, log }: ManualPassContext,
  pass: () => Promise<HostPassOutcome>,
): Promise<HostPassOutcome> => {
  const before = readManualPass(state);
  const startedAt = clock.now().toISOString();
  const leave = (how: Pick<ManualPass, 'outcome' | 'reason'>, facts: Partial<ManualPass> = {}): Promise<void> =>
    writeManualPass(state, log, {
      schema: 'gts.manual-pass/1',
      by: `${commandLine} (${userName()})`,
      started_at: startedAt,
      ended_at: clock.now().toISOString(),
      last_end_at: before?.last_end_at ?? null,
      db_updated_at: before?.db_updated_at ?? null,
      totals: before?.totals ?? null,
      ...how,
      ...facts,
    });
  try {
    const outcome = await pass();
    const { db_updated_at, totals, not_judged } = factsOf(outcome.document);
    const facts = { last_end_at: clock.now().toISOString(), db_updated_at, totals, not_judged };
    const how = { outcome: howItEnded(outcome), reason: outcome.problems[0] ?? null };
    await leave(how, outcome.interrupted ? {} : facts);
    return outcome;
  } catch (error) {
    await leave({ outcome: 'failed', reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
};

const writeManualPass = async (state: string, log: Log, pass: ManualPass): Promise<void> => {
  try {
    await writeFileAtomically(fileIn(state), `${JSON.stringify(pass)}\n`, { mode: 0o600 });
  } catch (error) {
    log.warn('how the pass went could not be recorded', { error });
  }
};

/** A container has users without a name. */
const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
};
