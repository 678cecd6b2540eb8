import { z } from 'zod';

import { Cause, Circumstances } from '../comparison/circumstances.ts';
import { KnownFinding } from '../comparison/known-finding.ts';
import { Listing, UnlistedFinding } from '../comparison/unlisted-history.ts';
import { Failure } from '../model/failure.ts';
import type { ListKeeper } from '../model/list-keeper.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity } from '../model/severity.ts';
import { DigestState } from './digest-state.ts';

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
export const MissingFinding = z.object({
  key: z.string(),
  since: Moment,
  causes: z.array(Cause),
  movedTo: z.string().nullable().default(null).describe('The key under which it is found, if a second look agrees'),
  lastKey: z.string().nullable().default(null).describe('The other key under which it was found last'),
  agreed: z.boolean().default(false).describe('A second look agreed, while the filter did not list it'),
});
export type MissingFinding = z.infer<typeof MissingFinding>;

/** A change of a known finding that nobody was told yet. */
const ToldChange = z.object({ key: z.string(), from: Severity.nullable(), causes: z.array(Cause) });

/** What nobody was told yet: too small for a notice of its own, or decided while there was nobody to tell. */
export const Untold = z.object({
  imageBefore: z.string().nullable().describe('The image that the reference stood for when people last heard of it'),
  fixAvailable: z.array(z.string()).describe('Keys'),
  joined: z.array(z.string()).describe('Keys that a setting brought in'),
  startedFrom: z
    .string()
    .nullable()
    .default(null)
    .describe('The reference that it goes on from: the same image under another name, or the image before it'),
  recovered: z.boolean().default(false).describe('That it is scanned again, after people heard that it failed'),
  firstSeen: z.boolean().default(false).describe('That it is there at all, and what is in it'),
  new: z.array(ToldChange).default([]),
  severityRaised: z.array(ToldChange).default([]),
  resolved: z.array(z.object({ finding: KnownFinding, causes: z.array(Cause) })).default([]),
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
    .object({
      revision: z.string(),
      from: z.string().nullable().describe('Another reference, when started from its'),
      savedAt: z.string().nullable().default(null).describe('When its lines were last saved from a scan'),
    })
    .nullable(),
  known: z.array(KnownFinding),
  unlisted: z
    .array(UnlistedFinding)
    .nullable()
    .describe('What the last scan found and did not list, by key; null when there was none'),
  unlistedElsewhere: z
    .array(z.object({ args: z.array(z.string()), unlisted: z.array(UnlistedFinding) }))
    .default([])
    .describe('The same of the last scans with other arguments'),
  listings: z.array(Listing).default([]).describe('By which filters it was listed, the latest last'),
  coverage: Coverage.nullable().describe('Of the scan behind what is known'),
  scanned: Circumstances.nullable().describe('Those of the last complete scan'),
  settledImage: z.string().nullable().describe('The image of the last scan that could resolve something'),
  settledContent: z.string().nullable().default(null).describe('What that image holds'),
  missing: z.array(MissingFinding),
  resolvedSince: z.array(KnownFinding).describe('In the baseline, and told as resolved since'),
  takenBack: z.array(z.string()).default([]).describe('Keys whose lines somebody took out of the baseline'),
  movedSince: z
    .array(z.tuple([z.string(), z.string()]))
    .describe('Keys in the baseline, and what they are called since a package or path was renamed'),
  untold: Untold,
  listedAt: Moment.nullable().describe('When everything that is not accepted was last told; null when nothing is'),
  failing: Failing.nullable(),
  goneSince: Moment.nullable().describe('First pass it was not in; kept for 30 days'),
  leftAt: Moment.nullable().default(null).describe('First pass that would have looked at it and did not find it'),
  containers: z.array(z.string()).default([]).describe('Names of those that used it last and use no other image now'),
  services: z.array(z.string()).default([]).describe('The same of Compose, as project/service'),
});
export type ReferenceState = z.infer<typeof ReferenceState>;

/** What of a state grows with the findings of an image. */
type FindingLists = Pick<ReferenceState, 'known' | 'unlisted' | 'unlistedElsewhere' | 'resolvedSince'>;

/** The same with these lists kept by `lists`. */
export const keepLists = <State extends FindingLists>(state: State, lists: ListKeeper): State => ({
  ...state,
  known: lists.keep(state.known),
  unlisted: state.unlisted && lists.keep(state.unlisted),
  unlistedElsewhere: state.unlistedElsewhere.map(({ args, unlisted }) => ({ args, unlisted: lists.keep(unlisted) })),
  resolvedSince: lists.keep(state.resolvedSince),
});

/** Everything that telling remembers from pass to pass; stored in the transaction that stores the notice. */
export const ToldState = z.object({
  references: z.array(ReferenceState).describe('By reference'),
  trouble: Failing.nullable().describe('What keeps whole passes from scanning'),
  digest: DigestState.nullable().default(null).describe('null while no digests are wanted'),
  hostName: z.string().nullable().default(null).describe('What the host was called in the last notice'),
});
export type ToldState = z.infer<typeof ToldState>;

export const NOTHING_TOLD: ToldState = { references: [], trouble: null, digest: null, hostName: null };
export const NOTHING_UNTOLD: Untold = {
  imageBefore: null,
  fixAvailable: [],
  joined: [],
  startedFrom: null,
  recovered: false,
  firstSeen: false,
  new: [],
  severityRaised: [],
  resolved: [],
};

/** A reference that was never met before. */
export const unscannedReference = (reference: string, at: string): ReferenceState => ({
  reference,
  standing: 'unscanned',
  firstSeen: at,
  baseline: null,
  known: [],
  unlisted: null,
  unlistedElsewhere: [],
  listings: [],
  coverage: null,
  scanned: null,
  settledImage: null,
  settledContent: null,
  missing: [],
  resolvedSince: [],
  takenBack: [],
  movedSince: [],
  untold: NOTHING_UNTOLD,
  listedAt: null,
  failing: null,
  goneSince: null,
  leftAt: null,
  containers: [],
  services: [],
});

/**
 * The references whose image has to be matched again in the next pass, whatever result is stored: something was missing
 * and a second look decides. A pass that left the reference out in between puts it off for nobody.
 */
export const awaitingSecondLook = (references: readonly Pick<ReferenceState, 'reference' | 'missing'>[]): Set<string> =>
  new Set(references.filter(({ missing }) => missing.some(({ agreed }) => !agreed)).map(({ reference }) => reference));
