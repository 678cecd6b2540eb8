import type { Cause } from '../comparison/circumstances.ts';
import { type KnownFinding, worseSeverity } from '../comparison/known-finding.ts';
import type { NewFinding } from '../comparison/compare-with-known.ts';
import { type MovedFinding, pairMoved } from '../comparison/pair-moved.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import type { ListKeeper } from '../model/list-keeper.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { NO_CHANGES, type ReferenceChanges, type ResolvedFinding } from './reference-changes.ts';
import type { ReferenceState, Untold } from './told-state.ts';

/** What has to be told of a reference by now. */
export interface WaitingChanges extends ReferenceChanges {
  /** That it is there, with what is in it. */
  readonly firstSeen: boolean;
  /** What went and is found again, by whatever name, before people heard that it went: as they know it, and as it is. */
  readonly returned: readonly MovedFinding[];
}

/**
 * Adds what a pass found to what nobody was told before, as one who hears of both at once would put it: what came and
 * went meanwhile was never there for him.
 */
export const changesUntilNow = ({ state, changes, firstSeen, moved }: ReferenceDecision): WaitingChanges => {
  const { untold } = state;
  const isFirst = firstSeen !== null || untold.firstSeen;
  if (isFirst) return { ...NO_CHANGES, firstSeen: true, returned: [] };
  if (untold.new.length + untold.severityRaised.length + untold.resolved.length === 0)
    return { ...changes, firstSeen: false, returned: [] };
  const known = new Map(state.known.map((finding) => [finding.key, finding]));
  const movedTo = new Map(moved.map(({ from, to }) => [from.key, to.key]));
  const names = new Set(state.known.flatMap((finding) => [finding.key, ...aliasKeys(finding)]));
  const keyInState = keysInState(state, moved);
  const keyNow = (key: string): string => (known.has(key) ? key : (movedTo.get(key) ?? key));
  const untoldNew = new Map(untold.new.map((change) => [keyNow(change.key), change]));
  const untoldRaised = new Map(untold.severityRaised.map((change) => [keyNow(change.key), change]));
  const goneNow = new Set(changes.resolved.map(({ finding }) => finding.key));
  const newNow = new Set(changes.new.map(({ finding }) => finding.key));
  const wentAs = goneByName(untold);
  const isBack = ({ finding, causes }: NewFinding): boolean =>
    wentAs(finding) !== undefined && !causes.includes('acceptance_expired');
  const isKept = (key: string): boolean => known.get(key)?.accepted === false && !goneNow.has(key);
  const returned = changes.new.filter(isBack).flatMap(({ finding: to }): MovedFinding[] => {
    const from = wentAs(to)?.finding;
    return from === undefined ? [] : [{ from, to }];
  });
  return withoutMoved({
    firstSeen: false,
    returned,
    fixAvailable: changes.fixAvailable,
    new: [
      ...[...untoldNew].flatMap(([key, change]) =>
        isKept(key) && !newNow.has(key)
          ? findingsOf(known.get(key)).map((finding) => ({ finding, raisedFrom: change.from, causes: change.causes }))
          : [],
      ),
      ...changes.new.filter((change) => !isBack(change)),
    ],
    severityRaised: [
      ...[...untoldRaised].flatMap(([key, change]) => {
        const { from, causes } = change;
        // Who accepted it by itself since then knows how severe it is.
        const isSingle = (known.get(key)?.single ?? null) !== null;
        return goneNow.has(key) || newNow.has(key) || from === null || isSingle
          ? []
          : findingsOf(known.get(key)).map((finding) => ({ finding, from, causes }));
      }),
      ...changes.severityRaised.filter(({ finding }) => {
        const key = keyInState(finding);
        return !untoldNew.has(key) && !untoldRaised.has(key);
      }),
      ...raisedAmong(returned, new Map(changes.new.map(({ finding, causes }) => [finding, causes]))),
    ],
    resolved: [
      ...untold.resolved.filter(
        ({ finding }) =>
          !names.has(finding.key) && !goneNow.has(finding.key) && !aliasKeys(finding).some((key) => known.has(key)),
      ),
      ...changes.resolved
        .filter(({ finding }) => !untoldNew.has(finding.key))
        .map((change) => asHeard(change, untoldRaised.get(change.finding.key)?.from ?? null)),
    ],
  });
};

/** What came back before people heard that it went is at least as severe as they know it. */
export const rememberSeverity = (decision: ReferenceDecision, lists: ListKeeper): ReferenceDecision => {
  const { returned } = changesUntilNow(decision);
  if (returned.length === 0) return decision;
  const { state, moved } = decision;
  const keyInState = keysInState(state, moved);
  const heard = new Map(returned.map(({ from, to }) => [keyInState(to), from.severity]));
  return { ...decision, state: { ...state, known: lists.keep(atLeastAsSevere(state.known, heard)) } };
};

const atLeastAsSevere = (
  known: readonly KnownFinding[],
  severities: ReadonlyMap<string, Severity | null>,
): KnownFinding[] =>
  known.map((finding) => ({
    ...finding,
    severity: worseSeverity(finding.severity, severities.get(finding.key) ?? null),
  }));

/** What only a setting lists again, and people never heard that it went, is known to them as it was. */
export const withoutReturned = (state: ReferenceState, joined: readonly Finding[]): ReferenceState => {
  const { untold, known } = state;
  if (untold.resolved.length === 0 || joined.length === 0) return state;
  const returned = pairMoved(
    joined,
    untold.resolved.map(({ finding }) => finding),
  );
  const departed = new Set(returned.map(({ from }) => from));
  return {
    ...state,
    known: atLeastAsSevere(known, new Map(returned.map(({ from, to }) => [to.key, from.severity]))),
    untold: { ...untold, resolved: untold.resolved.filter(({ finding }) => !departed.has(finding)) },
  };
};

/** What nobody heard is gone, by whatever name it is found again. */
const goneByName = ({ resolved }: Untold): ((finding: Finding) => ResolvedFinding | undefined) => {
  const byName = new Map(
    resolved.flatMap((change) =>
      [...aliasKeys(change.finding), change.finding.key].map((key) => [key, change] as const),
    ),
  );
  return (finding) =>
    [finding.key, ...aliasKeys(finding)].map((key) => byName.get(key)).find((change) => change !== undefined);
};

/** As they know it who did not hear that it got worse meanwhile. */
const asHeard = ({ finding, causes }: ResolvedFinding, severity: Severity | null): ResolvedFinding => ({
  finding: { ...finding, severity: severity ?? finding.severity },
  causes,
});

const raisedAmong = (
  returned: readonly MovedFinding[],
  causes: ReadonlyMap<Finding, readonly Cause[]>,
): WaitingChanges['severityRaised'] =>
  returned.flatMap(({ from, to }) =>
    from.severity !== null && compareSeverity(to.severity, from.severity) > 0
      ? [{ finding: to, from: from.severity, causes: causes.get(to) ?? [] }]
      : [],
  );

/** What went under one key and came back under another while nobody was told has moved for who hears of both at once. */
const withoutMoved = (waiting: WaitingChanges): WaitingChanges => {
  const moved = pairMoved(
    waiting.new.filter(({ causes }) => !causes.includes('acceptance_expired')).map(({ finding }) => finding),
    waiting.resolved.map(({ finding }) => finding),
  );
  const arrived = new Set(moved.map(({ to }) => to));
  const departed = new Set(moved.map(({ from }) => from));
  return {
    ...waiting,
    returned: [...waiting.returned, ...moved],
    new: waiting.new.filter(({ finding }) => !arrived.has(finding)),
    severityRaised: [...waiting.severityRaised, ...raisedAmong(moved, new Map())],
    resolved: waiting.resolved.filter(({ finding }) => !departed.has(finding)),
  };
};

/** What a finding is called in the state: a move that is not certain yet changes no key of what is known. */
const keysInState = (state: ReferenceState, moved: ReferenceDecision['moved']): ((finding: Finding) => string) => {
  const known = new Set(state.known.map(({ key }) => key));
  const movedFrom = new Map(moved.map(({ from, to }) => [to.key, from.key]));
  return ({ key }) => (known.has(key) ? key : (movedFrom.get(key) ?? key));
};

/** What is still to be told when a pass had nobody to tell it to. */
export const leaveUntold = ({ state, recovered, moved }: ReferenceDecision, waiting: WaitingChanges): Untold => {
  const keyOf = keysInState(state, moved);
  return {
    ...state.untold,
    recovered: recovered || state.untold.recovered,
    firstSeen: waiting.firstSeen,
    new: waiting.new.map(({ finding, raisedFrom, causes }) => ({
      key: keyOf(finding),
      from: raisedFrom,
      causes: [...causes],
    })),
    severityRaised: waiting.severityRaised.map(({ finding, from, causes }) => ({
      key: keyOf(finding),
      from,
      causes: [...causes],
    })),
    resolved: waiting.resolved.map(({ finding, causes }) => ({ finding, causes: [...causes] })),
  };
};

/** What is still to be told once a baseline was edited: who accepts a finding knows of it. */
export const keepUntoldOf = ({ untold }: ReferenceState, known: readonly KnownFinding[]): Untold => {
  const open = new Set(known.flatMap(({ key, accepted }) => (accepted ? [] : [key])));
  const all = new Set(known.map(({ key }) => key));
  return {
    ...untold,
    new: untold.new.filter(({ key }) => open.has(key)),
    severityRaised: untold.severityRaised.filter(({ key }) => all.has(key)),
  };
};

const findingsOf = (known: KnownFinding | undefined): Finding[] => (known === undefined ? [] : [asFinding(known)]);

const asFinding = (known: KnownFinding): Finding => ({
  key: known.key,
  vulnerability: known.vulnerability,
  package: known.package ?? '',
  path: known.path,
  installed: known.installed ?? '',
  fixed: known.fixed,
  severity: known.severity ?? 'UNKNOWN',
  status: known.status,
  title: known.title,
  url: known.url,
  ...(known.aliases.length > 0 && { aliases: known.aliases }),
});
