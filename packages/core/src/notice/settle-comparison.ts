import type { Baseline } from '../baseline/baseline.ts';
import { type Cause, orderCauses, sameArguments } from '../comparison/circumstances.ts';
import { type Compared, foldDuplicates, type NewFinding } from '../comparison/compare-with-known.ts';
import {
  anyPackageKey,
  isExpired,
  type KnownFinding,
  knownFinding,
  worseSeverity,
} from '../comparison/known-finding.ts';
import type { MovedFinding } from '../comparison/pair-moved.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import { circumstancesOf, type Pass, type ScannedImage } from './pass.ts';
import type { MissingFinding, ReferenceState, Untold } from './told-state.ts';

export interface ResolvedFinding {
  readonly finding: KnownFinding;
  readonly causes: readonly Cause[];
}

export interface RaisedFinding {
  readonly finding: Finding;
  readonly from: Severity;
  readonly causes: readonly Cause[];
}

/** What has to be told of one reference now. */
export interface ReferenceChanges {
  readonly new: readonly NewFinding[];
  readonly resolved: readonly ResolvedFinding[];
  readonly severityRaised: readonly RaisedFinding[];
  /** Named with the next notice, whenever that is. */
  readonly fixAvailable: readonly Finding[];
}

export const NO_CHANGES: ReferenceChanges = { new: [], resolved: [], severityRaised: [], fixAvailable: [] };

export interface Settlement {
  readonly state: ReferenceState;
  readonly changes: ReferenceChanges;
  /** Keys that changed their package or path for good, and the ones that are missing for the first time. */
  readonly moved: Compared['moved'];
  readonly missed: readonly KnownFinding[];
}

/**
 * Makes of a comparison what is known from now on and what is told of it. What vanished with the image is told at once;
 * what vanished from the same image waits until a second pass, matched again, does not find it either.
 */
export const settleComparison = (
  state: ReferenceState,
  compared: Compared,
  image: ScannedImage,
  pass: Pass,
): Settlement => {
  const goneNow = judgeGone(state, compared, image, pass);
  const changes: ReferenceChanges = {
    new: compared.new,
    resolved: goneNow.resolved,
    severityRaised: compared.severityRaised.map((raised) => ({
      ...raised,
      causes: orderCauses(['severity_changed', ...compared.causes]),
    })),
    fixAvailable: compared.fixAvailable,
  };
  const known = nextKnown(state, compared, goneNow, pass);
  const settled = compared.withheld === null;
  return {
    state: {
      ...state,
      known,
      unlisted: nextUnlisted(state, [...known, ...compared.moved.map(({ to }) => to)], image, pass),
      coverage: nextCoverage(state, compared, image),
      scanned: circumstancesOf(pass, image),
      settledImage: settled ? image.id : state.settledImage,
      missing: goneNow.missing,
      resolvedSince: nextResolvedSince(state, known, changes, pass),
      movedSince: nextMovedSince(state, goneNow.moved, pass),
      untold: nextUntold(state, compared, image, known),
    },
    changes,
    moved: goneNow.moved,
    missed: goneNow.missed,
  };
};

/** Once another scan than the one behind it added to what is known, only a full one may resolve it. */
const nextCoverage = (
  { coverage }: ReferenceState,
  { new: found, joined, withheld }: Compared,
  { outcome }: ScannedImage,
): ReferenceState['coverage'] => {
  if (outcome.coverage === coverage) return coverage;
  const added = found.length > 0 || joined.length > 0;
  return added || (outcome.coverage === 'full' && withheld === null) ? 'full' : coverage;
};

interface GoneFindings {
  readonly resolved: ResolvedFinding[];
  readonly moved: Compared['moved'];
  readonly missing: MissingFinding[];
  readonly missed: KnownFinding[];
}

const judgeGone = (state: ReferenceState, compared: Compared, image: ScannedImage, pass: Pass): GoneFindings => {
  const before = new Map(state.missing.map((missing) => [missing.key, missing]));
  const rehidden = changedArguments(state, pass) !== null;
  if (compared.withheld !== null)
    return {
      resolved: [],
      moved: rehidden ? compared.moved : [],
      missing: state.missing.filter(({ key }) => !compared.present.has(key)),
      missed: [],
    };
  const newImage = state.settledImage !== null && state.settledImage !== image.id;
  const isSettled = ({ key }: KnownFinding): boolean => newImage || (before.has(key) && image.outcome.matched);
  const hasMoved = ({ from }: MovedFinding): boolean => rehidden || isSettled(from);
  const causes = orderCauses([newImage ? 'image_updated' : 'withdrawn', ...compared.causes]);
  const waiting = [
    ...compared.resolved.filter((finding) => !isSettled(finding)),
    ...compared.moved.filter((moved) => !hasMoved(moved) && !isExpired(moved.from, pass.at)).map(({ from }) => from),
  ];
  return {
    resolved: compared.resolved
      .filter(isSettled)
      .map((finding) => ({ finding, causes: newImage ? causes : (before.get(finding.key)?.causes ?? causes) })),
    moved: compared.moved.filter(hasMoved),
    missing: waiting.map(({ key }) => before.get(key) ?? { key, since: pass.at, causes }),
    missed: waiting.filter(({ key }) => !before.has(key)),
  };
};

/** The arguments of the scan before, where this one has others. */
const changedArguments = (state: ReferenceState, pass: Pass): readonly string[] | null => {
  const before = state.scanned?.filter?.extra_args;
  return before === undefined || sameArguments(before, pass.filter.extra_args) ? null : before;
};

const nextKnown = (state: ReferenceState, compared: Compared, gone: GoneFindings, pass: Pass): KnownFinding[] => {
  const resolved = new Set(gone.resolved.map(({ finding }) => finding.key));
  const movedTo = new Map(gone.moved.map(({ from, to }) => [from.key, to]));
  const moving = new Map(compared.moved.map(({ from, to }) => [from.key, to]));
  const argumentsBefore = changedArguments(state, pass);
  const told = { accepted: false, since: pass.at };
  const stayed = state.known.flatMap((known) => {
    if (resolved.has(known.key)) return [];
    const to = moving.get(known.key);
    if (to !== undefined) return moveKnown(known, to, movedTo.has(known.key), pass);
    const found = compared.present.get(known.key);
    if (found === undefined) return [notFound(known, argumentsBefore)];
    return found.listed && isExpired(known, pass.at) ? [] : [foundAgain(known, found)];
  });
  return [
    ...stayed,
    ...compared.new.map(({ finding }) => knownFinding(finding, told)),
    ...compared.joined.map((finding) => knownFinding(finding, told)),
  ];
};

/** An acceptance that ended ends here too; a move that is not certain yet changes nothing but what was told of it. */
const moveKnown = (known: KnownFinding, to: Finding, certain: boolean, pass: Pass): KnownFinding[] => {
  const listed = pass.filter.severities.includes(to.severity);
  if (listed && isExpired(known, pass.at)) return [];
  const severity = listed ? worseSeverity(known.severity, to.severity) : known.severity;
  return [certain ? { ...knownFinding(to, known), severity, outside: !listed } : { ...known, severity }];
};

/** Remembers the arguments it was found with, since others may only hide it. */
const notFound = (known: KnownFinding, foundWith: readonly string[] | null): KnownFinding =>
  known.foundWith !== null || foundWith === null ? known : { ...known, foundWith: [...foundWith] };

const foundAgain = (
  known: KnownFinding,
  { finding, listed }: { readonly finding: Finding; readonly listed: boolean },
): KnownFinding => ({
  ...known,
  installed: finding.installed,
  url: finding.url,
  fixed: known.fixed ?? (listed || known.severity === null ? finding.fixed : null),
  severity: listed || known.severity === null ? worseSeverity(known.severity, finding.severity) : known.severity,
  outside: !listed,
  foundWith: null,
});

/**
 * What was found, is not listed and neither known nor about to be. A scan that saw only a part of the image says nothing
 * of the rest.
 */
const nextUnlisted = (
  state: ReferenceState,
  known: readonly { readonly key: string }[],
  image: ScannedImage,
  pass: Pass,
): ReferenceState['unlisted'] => {
  const knownKeys = new Set(known.map(({ key }) => key));
  const found = foldDuplicates(image.outcome.findings);
  const isUnknown = (key: string, vulnerability: string): boolean =>
    !knownKeys.has(key) && !knownKeys.has(anyPackageKey(vulnerability));
  const unlisted = [...found.values()].flatMap(({ key, vulnerability, severity }): [string, Severity][] =>
    !pass.filter.severities.includes(severity) && isUnknown(key, vulnerability) ? [[key, severity]] : [],
  );
  if (image.outcome.coverage !== 'partial' || state.unlisted === null) return unlisted;
  return [...unlisted, ...state.unlisted.filter(([key]) => !found.has(key) && !knownKeys.has(key))];
};

/** What a baseline still names and people were told is gone. */
const nextResolvedSince = (
  state: ReferenceState,
  known: readonly KnownFinding[],
  changes: ReferenceChanges,
  pass: Pass,
): KnownFinding[] => {
  if (state.resolvedSince.length === 0 && changes.resolved.length === 0) return state.resolvedSince;
  const baseline = baselineOf(state, pass);
  const movedTo = new Map(state.movedSince);
  const named = new Set(baseline?.findings.map(({ key }) => movedTo.get(key) ?? key));
  const back = new Set(known.map(({ key }) => key));
  return [
    ...state.resolvedSince.filter(({ key }) => !back.has(key)),
    ...changes.resolved.flatMap(({ finding }) => (named.has(finding.key) ? [finding] : [])),
  ];
};

/** What the lines of the baseline are called by now. */
const nextMovedSince = (state: ReferenceState, moved: Compared['moved'], pass: Pass): ReferenceState['movedSince'] => {
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

const baselineOf = (state: ReferenceState, pass: Pass): Baseline | undefined =>
  pass.baselines.get(state.baseline?.from ?? state.reference);

const nextUntold = (
  state: ReferenceState,
  compared: Compared,
  image: ScannedImage,
  known: readonly KnownFinding[],
): Untold => {
  const keys = new Set(known.map(({ key }) => key));
  const { imageBefore, fixAvailable, joined } = state.untold;
  const knownAs = ({ key, vulnerability }: Finding): string => (keys.has(key) ? key : anyPackageKey(vulnerability));
  const former = imageBefore ?? state.scanned?.imageId ?? null;
  return {
    imageBefore: former === image.id ? null : former,
    fixAvailable: [...new Set([...fixAvailable, ...compared.fixAvailable.map(knownAs)])].filter((key) => keys.has(key)),
    joined: [...joined, ...compared.joined.map(({ key }) => key)].filter((key) => keys.has(key)),
  };
};
