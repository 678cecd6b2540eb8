import { type Compared } from '../comparison/compare-with-known.ts';
import {
  anyPackageKey,
  hasEnded,
  type KnownFinding,
  knownFinding,
  worseSeverity,
} from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import { foundUnlisted, type Listing, type UnlistedFinding } from '../comparison/unlisted-history.ts';
import { parseFindingKey } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import { scannedAlike } from '../comparison/circumstances.ts';
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
  const isListed = listedBy(pass.filter);
  const resolved = new Set(gone.resolved.map(({ finding }) => finding.key));
  const movedTo = new Map(gone.moved.map(({ from, to }) => [from.key, to]));
  const moving = new Map(compared.moved.map(({ from, to }) => [from.key, to]));
  const argumentsBefore = changedArguments(state, pass);
  const told = { accepted: false, since: pass.at };
  const marks = new Map([...state.resolvedSince, ...state.known].map(({ key, savedAs }) => [key, savedAs]));
  const found = new Map(
    unlistedWith(state, pass.filter.extra_args)?.map(([key, [first]]) => [key, first?.[0] ?? null]),
  );
  const firsts = new Map(state.known.map(({ key, firstFound }) => [key, firstFound]));
  const firstFound = ({ key }: Finding): string | null => {
    for (const times of [firsts, found]) if (times.has(key)) return times.get(key) ?? null;
    return pass.at;
  };
  const lines = new Map([...compared.moved, ...compared.cameBack].map(({ from, to }) => [to.key, from.savedAs]));
  const markOf = ({ key, vulnerability }: Finding): string | null =>
    marks.get(key) ?? lines.get(key) ?? marks.get(anyPackageKey(vulnerability)) ?? null;
  const stayed = state.known.flatMap((known) => {
    if (resolved.has(known.key)) return [];
    const to = moving.get(known.key);
    if (to !== undefined) return moveKnown(known, to, movedTo.has(known.key), pass);
    const again = compared.present.get(known.key);
    if (again === undefined) return [notFound(known, argumentsBefore)];
    return again.listed && hasEnded(known, again.finding, pass.at) ? [] : [foundAgain(known, again)];
  });
  return [
    ...stayed,
    ...compared.returned.map(({ from, to }) => ({
      ...knownFinding(to, from),
      severity: from.severity,
      outside: !isListed(to),
    })),
    ...compared.new.map(({ finding }) =>
      knownFinding(finding, { ...told, savedAs: markOf(finding), firstFound: firstFound(finding) }),
    ),
    ...compared.joined.map((finding) => knownFinding(finding, { ...told, firstFound: firstFound(finding) })),
  ];
};

/** An acceptance that ended ends here too; a move that is not certain yet changes nothing but what was told of it. */
const moveKnown = (known: KnownFinding, to: Finding, certain: boolean, pass: Pass): KnownFinding[] => {
  const listed = listedBy(pass.filter)(to);
  if (listed && hasEnded(known, to, pass.at)) return [];
  const severity = listed ? worseSeverity(known.severity, to.severity) : known.severity;
  const status = listed ? to.status : known.status;
  return [
    certain ? { ...knownFinding(to, known), severity, status, outside: !listed } : { ...known, severity, status },
  ];
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
  title: finding.title,
  aliases: [...(finding.aliases ?? [])],
  status: listed ? finding.status : known.status,
  fixed: known.fixed ?? (listed || known.severity === null ? finding.fixed : null),
  severity: listed || known.severity === null ? worseSeverity(known.severity, finding.severity) : known.severity,
  outside: !listed,
  foundWith: null,
});

/**
 * What was found, is not listed and neither known nor about to be, with how it was since it was found first. A scan that
 * may have missed something says nothing of what it did not find.
 */
export const nextUnlisted = (
  state: ReferenceState,
  known: readonly { readonly key: string }[],
  image: ScannedImage,
  pass: Pass,
  scan: Listing['scan'],
): UnlistedFinding[] => {
  const isListed = listedBy(pass.filter);
  const before = unlistedWith(state, pass.filter.extra_args);
  const histories = new Map(before);
  const knownKeys = new Set(known.map(({ key }) => key));
  const found = foldDuplicates(image.outcome.findings, isListed);
  const renamed = new Map(
    [...histories].flatMap(([key, forms]) => {
      const vulnerability = found.has(key) ? undefined : parseFindingKey(key)?.vulnerability;
      return vulnerability === undefined ? [] : [[vulnerability, forms] as const];
    }),
  );
  const formerOf = ({ vulnerability, aliases = [] }: Finding) =>
    [vulnerability, ...aliases].map((id) => renamed.get(id)).find((forms) => forms !== undefined);
  const isUnknown = (key: string, vulnerability: string): boolean =>
    !knownKeys.has(key) && !knownKeys.has(anyPackageKey(vulnerability));
  const since = before === null ? null : pass.at;
  const unlisted = [...found.values()].flatMap((finding): UnlistedFinding[] =>
    !isListed(finding) && isUnknown(finding.key, finding.vulnerability)
      ? [[finding.key, foundUnlisted(histories.get(finding.key) ?? formerOf(finding), finding, since)]]
      : [],
  );
  if (scan === 'whole' || before === null) return unlisted;
  const mayBeMissed = (key: string): boolean => scan === 'doubtful' || parseFindingKey(key)?.path !== null;
  return [...unlisted, ...before.filter(([key]) => !found.has(key) && !knownKeys.has(key) && mayBeMissed(key))];
};

/** What scans with these arguments found and did not list; null where there was none. */
export const unlistedWith = (state: ReferenceState, args: readonly string[]): readonly UnlistedFinding[] | null => {
  if (state.scanned === null || scannedAlike(state.scanned.filter?.extra_args ?? [], args)) return state.unlisted;
  return state.unlistedElsewhere.find((other) => scannedAlike(other.args, args))?.unlisted ?? null;
};

/**
 * What somebody dropped from what is known by accepting something else is still there, and was listed once: whatever the
 * arguments, it counts as found and not listed since it was found first.
 */
export const forgetKnown = (
  state: ReferenceState,
  stays: (key: string) => boolean,
): Pick<ReferenceState, 'unlisted' | 'unlistedElsewhere'> => {
  const missing = new Map(state.missing.map(({ key, movedTo }) => [key, movedTo]));
  const dropped = state.known.flatMap((known) => {
    const key = missing.has(known.key) ? missing.get(known.key) : known.key;
    return typeof key !== 'string' || stays(key) || stays(known.key) ? [] : [{ ...known, key }];
  });
  const lookedAt = (args: readonly string[]): string =>
    state.listings.findLast(({ filter }) => scannedAlike(filter.extra_args, args))?.at ?? '';
  const withThem = (unlisted: readonly UnlistedFinding[], until: string | null): UnlistedFinding[] => {
    const had = new Set(unlisted.map(([key]) => key));
    return [
      ...unlisted,
      ...dropped.flatMap(({ key, severity, status, firstFound, foundWith }): UnlistedFinding[] =>
        had.has(key) ||
        (until === null && foundWith !== null) ||
        (until !== null && firstFound !== null && firstFound > until)
          ? []
          : [[key, [[firstFound, severity ?? 'UNKNOWN', status]]]],
      ),
    ];
  };
  return {
    unlisted: state.unlisted && withThem(state.unlisted, null),
    unlistedElsewhere: state.unlistedElsewhere.map(({ args, unlisted }) => ({
      args,
      unlisted: withThem(unlisted, lookedAt(args)),
    })),
  };
};

const MOST_OTHER_ARGUMENTS = 3;

/** What is kept of scans with other arguments than those of this pass. */
export const nextUnlistedElsewhere = (state: ReferenceState, pass: Pass): ReferenceState['unlistedElsewhere'] => {
  const before = changedArguments(state, pass);
  if (before === null || state.unlisted === null) return state.unlistedElsewhere;
  return [
    ...state.unlistedElsewhere.filter(
      ({ args }) => !scannedAlike(args, before) && !scannedAlike(args, pass.filter.extra_args),
    ),
    { args: [...before], unlisted: state.unlisted },
  ].slice(-MOST_OTHER_ARGUMENTS);
};
