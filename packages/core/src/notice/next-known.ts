import { type Compared } from '../comparison/compare-with-known.ts';
import {
  anyPackageKey,
  isExpired,
  type KnownFinding,
  knownFinding,
  worseSeverity,
} from '../comparison/known-finding.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import { changedArguments, type GoneFindings } from './judge-gone.ts';
import type { Pass, ScannedImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** What people know once the changes are told. */
export const nextKnown = (
  state: ReferenceState,
  compared: Compared,
  gone: GoneFindings,
  pass: Pass,
): KnownFinding[] => {
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
export const nextUnlisted = (
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
