import type { Baseline } from '../baseline/baseline.ts';
import { severityOfMark } from '../baseline/known-baseline.ts';
import type { Compared } from '../comparison/compare-with-known.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import type { Severity } from '../model/severity.ts';
import type { Pass } from './pass.ts';
import type { ReferenceChanges } from './reference-changes.ts';
import type { ReferenceState } from './told-state.ts';

/** One finding that has another key now. */
export interface Rekeyed {
  readonly from: { readonly key: string };
  readonly to: { readonly key: string };
}

/** What is gone, and was last found under another key, which was not certain yet. */
export const goneElsewhere = ({ missing }: ReferenceState, { resolved }: ReferenceChanges): Rekeyed[] => {
  const gone = new Set(resolved.map(({ finding }) => finding.key));
  return missing.flatMap(({ key, lastKey }) =>
    lastKey !== null && gone.has(key) ? [{ from: { key }, to: { key: lastKey } }] : [],
  );
};

/** What a baseline still names and people were told is gone, by the keys under which it was last found. */
export const nextResolvedSince = (
  state: ReferenceState,
  known: readonly KnownFinding[],
  changes: ReferenceChanges,
  { cameBack }: Compared,
  pass: Pass,
): KnownFinding[] => {
  if (state.resolvedSince.length === 0 && changes.resolved.length === 0) return state.resolvedSince;
  const baseline = baselineOf(state, pass);
  const movedTo = new Map(state.movedSince);
  const named = new Set(baseline?.findings.map(({ key }) => movedTo.get(key) ?? key));
  // Where the file cannot be read, or is another reference's, what is accepted is what it said.
  const isOfAnother = state.baseline !== null && state.baseline.from !== null;
  const isNamed = ({ key, accepted }: KnownFinding): boolean =>
    baseline === undefined || isOfAnother ? accepted : named.has(key);
  const elsewhere = baseline === undefined ? [] : goneElsewhere(state, changes);
  const lastKeys = new Map(elsewhere.map(({ from, to }) => [from.key, to.key]));
  const back = new Set([...known.map(({ key }) => key), ...cameBack.map(({ from }) => from.key)]);
  return [
    ...state.resolvedSince.filter(({ key }) => !back.has(key)),
    ...changes.resolved.flatMap(({ finding }) =>
      isNamed(withoutSingle(finding)) ? [gone(finding, pass.at, lastKeys)] : [],
    ),
  ];
};

/** What accepts a finding by itself is asked again when it is back. */
const withoutSingle = (finding: KnownFinding): KnownFinding =>
  finding.single === null ? finding : { ...finding, accepted: false, single: null };

const gone = (finding: KnownFinding, at: string, lastKeys: ReadonlyMap<string, string>): KnownFinding => ({
  ...withoutSingle(finding),
  key: lastKeys.get(finding.key) ?? finding.key,
  goneAt: at,
});

/** What the lines of the baseline are called by now. */
export const nextMovedSince = (
  state: ReferenceState,
  moved: readonly Rekeyed[],
  pass: Pass,
): ReferenceState['movedSince'] => {
  const baseline = moved.length === 0 ? undefined : baselineOf(state, pass);
  if (baseline === undefined) return state.movedSince;
  const now = new Map(moved.map(({ from, to }) => [from.key, to.key]));
  const since = new Map(state.movedSince);
  return baseline.findings.flatMap(({ key }): [string, string][] => {
    const before = since.get(key) ?? key;
    const after = now.get(before) ?? before;
    return after === key ? [] : [[key, after]];
  });
};

/** What is accepted still and was told as gone, as its line in the baseline accepts it. */
export const acceptedGone = (state: ReferenceState, pass: Pass): KnownFinding[] => {
  if (state.resolvedSince.length === 0) return [];
  const movedTo = new Map(state.movedSince);
  const lines = new Map(
    baselineOf(state, pass)?.findings.map((line) => [movedTo.get(line.key) ?? line.key, line] as const),
  );
  return state.resolvedSince.flatMap((gone) => {
    const line = lines.get(gone.key);
    return gone.accepted ? [{ ...gone, severity: line === undefined ? acceptedSeverity(gone) : line.severity }] : [];
  });
};

/** As severe as it was accepted, which people may know better by now. */
const acceptedSeverity = ({ savedAs, severity }: KnownFinding): Severity | null =>
  savedAs === null ? severity : severityOfMark(savedAs);

const baselineOf = (state: ReferenceState, pass: Pass): Baseline | undefined =>
  pass.baselines.get(state.baseline?.from ?? state.reference);
