import { join } from 'node:path';

import type { Clock } from '@scanner/core';
import { writeFileAtomically } from '@scanner/store';
import { z } from 'zod';

import { readBounded } from './read-bounded.ts';

/** How a daemon is, written beside its state so that another process in the container can tell. */
export const Health = z.object({
  schema: z.literal('gts.health/1'),
  at: z.iso.datetime().describe('When it was written: the sign of life'),
  started_at: z.iso.datetime(),
  problems: z.array(z.string()).describe('Why it is not healthy, as sentences; none: it is'),
  pass: z.object({
    running_since: z.iso.datetime().nullable(),
    next_at: z.iso.datetime().nullable(),
    last_end_at: z.iso.datetime().nullable().describe('When a pass last came to its end'),
    last_outcome: z.enum(['complete', 'partial', 'failed', 'interrupted']).nullable(),
    reason: z.string().nullable().describe('Why the last pass failed'),
  }),
  deliveries: z.object({
    pending: z.number(),
    held: z.number().optional().describe('How many of the pending ones wait until somebody has changed something'),
    held_since: z.iso.datetime().nullable().optional(),
    dead: z.number().describe('Refused for good'),
    oldest_pending_at: z.iso.datetime().nullable(),
    last_error: z.string().nullable(),
  }),
});
export type Health = z.infer<typeof Health>;

/** A sign of life is written so often, and believed for so long. */
export const SIGN_OF_LIFE_MS = 30_000;
const BELIEVED_MS = 4 * SIGN_OF_LIFE_MS;

const MAX_BYTES = 64 * 1024;

/** What a pass may take beyond its interval before its absence is a problem. */
const GRACE_MS = 3_600_000;

const fileIn = (state: string): string => join(state, 'health.json');

/** @throws ScannerError `directory_unusable` or `disk_full` */
export const writeHealth = async (state: string, health: Health): Promise<void> => {
  await writeFileAtomically(fileIn(state), `${JSON.stringify(health)}\n`, { mode: 0o600 });
};

/** What a daemon last said of itself; null where there was none, or its words make no sense. */
export const readHealth = (state: string): Health | null => {
  try {
    return Health.parse(JSON.parse(readBounded(fileIn(state), MAX_BYTES) ?? ''));
  } catch {
    return null;
  }
};

/** Why a daemon is not healthy, judged by what it wrote; none: it is. */
export const judgeHealth = (health: Health | null, { now }: Pick<Clock, 'now'>): readonly string[] => {
  if (health === null) return ['no daemon has written a sign of life into the state directory'];
  const ageMs = Math.abs(now().getTime() - Date.parse(health.at));
  if (ageMs > BELIEVED_MS) return [`the last sign of life is of ${health.at}: the daemon hangs or cannot write`];
  return health.problems;
};

/**
 * Whether passes still come to their end: two intervals and an hour may go by without one.
 *
 * @returns the problem as a sentence, or null
 */
export const missingPass = (
  { pass, started_at: startedAt }: Pick<Health, 'pass' | 'started_at'>,
  intervalSeconds: number,
  now: Date,
): string | null => {
  const since = pass.last_end_at ?? startedAt;
  if (now.getTime() - Date.parse(since) <= 2 * intervalSeconds * 1000 + GRACE_MS) return null;
  const why = pass.reason === null ? '' : `: ${pass.reason}`;
  return pass.last_end_at === null
    ? `no pass has come to its end since the start at ${startedAt}${why}`
    : `no pass has come to its end since ${pass.last_end_at}${why}`;
};
