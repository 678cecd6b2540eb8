import { z } from 'zod';

import { Cause, Circumstances } from '../comparison/circumstances.ts';
import { KnownFinding } from '../comparison/known-finding.ts';
import { Failure } from '../model/failure.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity } from '../model/severity.ts';

const Moment = z.iso.datetime();

/** Something that fails pass after pass. */
export const Failing = z.object({
  reason: Failure,
  passes: z.number().int().positive().describe('In a row'),
  since: Moment,
  told: z.boolean(),
});
export type Failing = z.infer<typeof Failing>;

/** A known finding that was not there the last time: resolved when a second look agrees. */
export const MissingFinding = z.object({ key: z.string(), since: Moment, causes: z.array(Cause) });
export type MissingFinding = z.infer<typeof MissingFinding>;

/** Too small for a notice of its own: named in the next one. */
export const Untold = z.object({
  imageBefore: z.string().nullable().describe('The image that the reference stood for when people last heard of it'),
  fixAvailable: z.array(z.string()).describe('Keys'),
  joined: z.array(z.string()).describe('Keys that a setting brought in'),
});
export type Untold = z.infer<typeof Untold>;

/** What was told of one reference, and what telling more depends on. */
export const ReferenceState = z.object({
  reference: z.string(),
  standing: z
    .enum(['unscanned', 'pending', 'accepted'])
    .describe('Never scanned whole; shown in an inventory and not accepted; known from a baseline'),
  firstSeen: Moment,
  baseline: z
    .object({ revision: z.string(), from: z.string().nullable().describe('Another reference, when started from its') })
    .nullable(),
  known: z.array(KnownFinding),
  unlisted: z
    .array(z.tuple([z.string(), Severity]))
    .nullable()
    .describe('What the last scan found and did not list, by key; null when there was none'),
  coverage: Coverage.nullable().describe('Of the scan behind what is known'),
  scanned: Circumstances.nullable().describe('Those of the last complete scan'),
  settledImage: z.string().nullable().describe('The image of the last scan that could resolve something'),
  missing: z.array(MissingFinding),
  resolvedSince: z.array(KnownFinding).describe('In the baseline, and told as resolved since'),
  movedSince: z
    .array(z.tuple([z.string(), z.string()]))
    .describe('Keys in the baseline, and what they are called since a package or path was renamed'),
  untold: Untold,
  listedAt: Moment.nullable().describe('When everything that is not accepted was last told; null when nothing is'),
  failing: Failing.nullable(),
  goneSince: Moment.nullable().describe('First pass it was not in; kept for 30 days'),
});
export type ReferenceState = z.infer<typeof ReferenceState>;

/** Everything that telling remembers from pass to pass; stored in the transaction that stores the notice. */
export const ToldState = z.object({
  references: z.array(ReferenceState).describe('By reference'),
  trouble: Failing.nullable().describe('What keeps whole passes from scanning'),
});
export type ToldState = z.infer<typeof ToldState>;

export const NOTHING_TOLD: ToldState = { references: [], trouble: null };
export const NOTHING_UNTOLD: Untold = { imageBefore: null, fixAvailable: [], joined: [] };

/** A reference that was never met before. */
export const unscannedReference = (reference: string, at: string): ReferenceState => ({
  reference,
  standing: 'unscanned',
  firstSeen: at,
  baseline: null,
  known: [],
  unlisted: null,
  coverage: null,
  scanned: null,
  settledImage: null,
  missing: [],
  resolvedSince: [],
  movedSince: [],
  untold: NOTHING_UNTOLD,
  listedAt: null,
  failing: null,
  goneSince: null,
});

/**
 * The references whose image has to be matched again in the next pass, whatever result is stored: something was missing
 * and a second look decides.
 */
export const awaitingSecondLook = (
  references: readonly Pick<ReferenceState, 'reference' | 'missing' | 'goneSince'>[],
): Set<string> =>
  new Set(
    references
      .filter(({ missing, goneSince }) => missing.length > 0 && goneSince === null)
      .map(({ reference }) => reference),
  );
