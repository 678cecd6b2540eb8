import type { Baseline } from '../baseline/baseline.ts';
import { knownOfBaseline } from '../baseline/known-baseline.ts';
import { baselineRevision } from '../baseline/write-baseline.ts';
import { isExpired, type KnownFinding, worseSeverity } from '../comparison/known-finding.ts';
import type { ReferenceState } from './told-state.ts';

/**
 * What is known once a baseline was saved or edited: what it accepts, and what was told since and is not in it. What it
 * does not accept any more is not known; what was told as resolved is not known again.
 *
 * @param from the reference whose baseline it is, when it is not the reference's own
 */
export const adoptBaseline = (
  state: ReferenceState,
  baseline: Baseline,
  at: string,
  from: string | null = null,
): ReferenceState => {
  const file = knownOfBaseline(baseline);
  const named = new Set(file.findings.map(({ key }) => key));
  const movedSince = state.movedSince.filter(([key]) => named.has(key));
  const movedTo = new Map(movedSince);
  const accepted = file.findings.map((finding) => ({ ...finding, key: movedTo.get(finding.key) ?? finding.key }));
  const inFile = new Set(accepted.map(({ key }) => key));
  const known = new Map(state.known.map((finding) => [finding.key, finding]));
  const resolved = state.resolvedSince.filter(({ key }) => inFile.has(key));
  const gone = new Set(resolved.map(({ key }) => key));
  const findings = [
    ...accepted.filter(({ key }) => !gone.has(key)).map((finding) => acceptKnown(finding, known.get(finding.key), at)),
    ...state.known.filter(({ key, accepted }) => !accepted && !inFile.has(key)),
  ];
  const kept = new Set(findings.map(({ key }) => key));
  const started = state.scanned === null;
  const told = findings.some((finding) => !finding.accepted);
  return {
    ...state,
    standing: 'accepted',
    baseline: { revision: baselineRevision(baseline), from },
    known: findings,
    coverage: told && file.coverage !== state.coverage ? 'full' : (file.coverage ?? state.coverage),
    scanned: started ? file.circumstances : state.scanned,
    settledImage: started ? baseline.image_id : state.settledImage,
    missing: state.missing.filter(({ key }) => kept.has(key)),
    resolvedSince: resolved,
    movedSince,
  };
};

/** What people were told beside is kept: nobody is told twice of the same severity, or of an acceptance that ended. */
const acceptKnown = (accepted: KnownFinding, known: KnownFinding | undefined, at: string): KnownFinding => {
  if (known === undefined) return accepted;
  if (isExpired(accepted, at) && !known.accepted) return known;
  return {
    ...known,
    accepted: true,
    since: accepted.since ?? known.since,
    expires: accepted.expires,
    severity: worseSeverity(known.severity, accepted.severity),
    fixed: known.fixed ?? accepted.fixed,
  };
};

/** What is known when the baseline was removed: the same, and nothing of it is accepted. */
export const dropBaseline = (state: ReferenceState): ReferenceState => ({
  ...state,
  standing: 'pending',
  baseline: null,
  known: state.known.map((finding) => ({ ...finding, accepted: false, expires: null })),
  resolvedSince: [],
  movedSince: [],
});
