import { acceptScan, whyNotAcceptable } from '../baseline/accept-scan.ts';
import { type AcceptedFinding, type Baseline, BASELINE_SCHEMA } from '../baseline/baseline.ts';
import { baselineRevision } from '../baseline/write-baseline.ts';
import { acceptanceMark } from '../baseline/known-baseline.ts';
import { listedBy } from '../comparison/listing.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import { knownFinding } from '../comparison/known-finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { forgetKnown } from './next-known.ts';
import { circumstancesOf, isScanned, type Pass, type ScannedImage } from './pass.ts';
import { saidOf } from './notice-finding.ts';
import { NO_CHANGES } from './reference-changes.ts';
import { NOTHING_UNTOLD, type ReferenceState } from './told-state.ts';

/** A reference that was to be accepted and keeps what it had. */
export interface NotAccepted {
  readonly reference: string;
  readonly reason: string;
}

export type AcceptanceOutcome =
  | { readonly status: 'accepted'; readonly decision: ReferenceDecision; readonly baseline: Baseline }
  | { readonly status: 'kept'; readonly notAccepted: NotAccepted };

/** Accepts what a pass found of one reference: nothing of it is told, and it is what is known from now on. */
export const acceptReference = (decision: ReferenceDecision, pass: Pass): AcceptanceOutcome => {
  const { image, state } = decision;
  if (image.outcome.status === 'failed') return kept(state, `its scan failed (${image.outcome.reason.message})`);
  if (!isScanned(image)) return kept(state, 'it was not scanned');
  const databaseStale = pass.scanner?.databaseStale ?? false;
  const reason = whyNotAcceptable({ coverage: image.outcome.coverage, databaseStale });
  if (reason !== null) return kept(state, reason);
  if (pass.rules === null) return kept(state, 'what is accepted by rules cannot be read, and would lose its end');
  const before = pass.baselines.get(state.reference) ?? pass.baselines.get(state.baseline?.from ?? '');
  const baseline = acceptScan(
    {
      reference: state.reference,
      imageId: image.id,
      content: image.content ?? null,
      coverage: image.outcome.coverage,
      databaseStale,
      findings: image.outcome.findings,
      filter: pass.filter,
    },
    { at: pass.at, before: standingAcceptances(decision, before ?? null) },
  );
  return {
    status: 'accepted',
    baseline,
    decision: {
      ...decision,
      state: acceptedState(state, baseline, image, pass),
      changes: NO_CHANGES,
      firstSeen: null,
      carried: null,
    },
  };
};

const NOTHING_ACCEPTED: Baseline = {
  schema: BASELINE_SCHEMA,
  reference: null,
  image_id: null,
  coverage: null,
  filter: null,
  findings: [],
};

/** What of a baseline is still accepted, by the keys of today: what was told as new since is accepted anew. */
const standingAcceptances = ({ state, moved, acceptances }: ReferenceDecision, file: Baseline | null): Baseline => {
  const baseline = file ?? NOTHING_ACCEPTED;
  const moving = new Map(moved.map(({ from, to }) => [from.key, to.key]));
  const movedTo = new Map(state.movedSince);
  const accepted = new Map(state.known.flatMap((known) => (known.accepted ? [[known.key, known]] : [])));
  const findings = baseline.findings.flatMap((finding) => {
    const known = accepted.get(movedTo.get(finding.key) ?? finding.key);
    if (known === undefined) return [];
    const { since, expires, untilFix } = known;
    return [{ ...finding, key: moving.get(known.key) ?? known.key, since, expires, until_fix: untilFix ? true : null }];
  });
  // What was accepted under another name is accepted still when its line is taken out there.
  const named = new Set(findings.map(({ key }) => key));
  const said = acceptances();
  const others = [...accepted.values()].flatMap((known): AcceptedFinding[] => {
    const key = moving.get(known.key) ?? known.key;
    if (named.has(key)) return [];
    const { package: name, severity, fixed, since, expires, untilFix } = known;
    const { reason, owner } = saidOf(known, said);
    return [{ key, package: name, severity, fixed, since, expires, reason, owner, until_fix: untilFix ? true : null }];
  });
  return { ...baseline, findings: [...findings, ...others] };
};

const kept = ({ reference }: ReferenceState, reason: string): AcceptanceOutcome => ({
  status: 'kept',
  notAccepted: { reference, reason },
});

const acceptedState = (state: ReferenceState, baseline: Baseline, image: ScannedImage, pass: Pass): ReferenceState => {
  const found = foldDuplicates(image.outcome.findings, listedBy(pass.filter));
  const before = new Map(state.known.map((finding) => [finding.key, finding]));
  const accepted = new Map(baseline.findings.map((finding) => [finding.key, finding]));
  const known = [...found.values()].flatMap((finding) => {
    const line = accepted.get(finding.key);
    return line === undefined
      ? []
      : [
          knownFinding(finding, {
            accepted: true,
            since: line.since,
            expires: line.expires,
            untilFix: line.until_fix === true,
            savedAs: acceptanceMark(line),
            endTold: before.get(finding.key)?.endTold ?? null,
            firstFound: before.get(finding.key)?.firstFound ?? null,
          }),
        ];
  });
  return {
    ...state,
    standing: 'accepted',
    baseline: { revision: baselineRevision(baseline), from: null, savedAt: baseline.saved_at ?? null },
    known,
    ...forgetKnown(state, (key) => accepted.has(key)),
    coverage: image.outcome.coverage,
    scanned: circumstancesOf(pass, image),
    settledImage: image.id,
    settledContent: image.content ?? null,
    missing: [],
    resolvedSince: [],
    takenBack: [],
    movedSince: [],
    untold: { ...NOTHING_UNTOLD, recovered: state.untold.recovered },
    listedAt: null,
  };
};
