import type { KnownFinding } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { DigestChange, DigestState } from './digest-state.ts';
import { isScanned, type Pass } from './pass.ts';
import { clip } from './shorten.ts';

/** Most changes of a kind that are kept for one digest, and most findings whose stay is known. */
const MOST_CHANGES = 500;
const MOST_STAYS = 1000;
const LONGEST_TITLE = 160;
const DAY_MS = 86_400_000;

/** What a pass adds to the next digest. */
export interface DigestNews {
  readonly pass: Pass;
  /** What became new in them is told, unless it was accepted at once. */
  readonly told: readonly ReferenceDecision[];
  /** What was resolved in them is resolved, whether people were told or not. */
  readonly compared: readonly ReferenceDecision[];
}

/** Keeps what became new and what was resolved, and how long that had been there. */
export const recordNews = (before: DigestState, news: DigestNews): DigestState => ({
  ...before,
  ...changesSince(before, news),
  ...staysUntil(before, news),
});

/** Counts a pass that looks at all that digests are about. */
export const countPass = (
  { made, complete, lastComplete }: DigestState['passes'],
  pass: Pass,
): DigestState['passes'] => {
  const isComplete = pass.trouble === null && pass.images.every(isScanned);
  return {
    made: made + 1,
    complete: complete + (isComplete ? 1 : 0),
    lastComplete: isComplete ? pass.at : lastComplete,
  };
};

const changesSince = (
  before: DigestState,
  { told, compared }: DigestNews,
): Pick<DigestState, 'new' | 'resolved' | 'unlisted'> => {
  const found = withChanges(
    before.new,
    told.flatMap((decision) => decision.changes.new.map(({ finding }) => changeOf(decision, finding))),
  );
  const resolved = withChanges(
    before.resolved,
    compared.flatMap((decision) => decision.changes.resolved.map(({ finding }) => changeOf(decision, finding))),
  );
  return {
    new: found.kept,
    resolved: resolved.kept,
    unlisted: {
      new: before.unlisted.new + found.left,
      resolved: before.unlisted.resolved + resolved.left,
    },
  };
};

const changeOf = ({ state, image }: ReferenceDecision, finding: Finding | KnownFinding): DigestChange => ({
  finding: {
    key: finding.key,
    vulnerability: finding.vulnerability,
    package: finding.package,
    path: finding.path,
    installed: finding.installed,
    fixed: finding.fixed,
    severity: finding.severity,
    title: finding.title && clip(finding.title, LONGEST_TITLE),
  },
  image: image.id ?? state.reference,
  reference: state.reference,
});

const nameOf = ({ reference, finding }: DigestChange): string => `${reference}\n${finding.key}`;

/** What comes, goes and comes again has changed once. */
const withChanges = (
  before: readonly DigestChange[],
  changes: readonly DigestChange[],
): { readonly kept: DigestChange[]; readonly left: number } => {
  const all = [...new Map([...before, ...changes].map((change) => [nameOf(change), change])).values()];
  return { kept: all.slice(0, MOST_CHANGES), left: Math.max(0, all.length - MOST_CHANGES) };
};

/** A finding of an image has one stay, whatever the names of the image. */
const staysUntil = (
  { stays, countedSince }: DigestState,
  { compared, pass }: DigestNews,
): Pick<DigestState, 'stays' | 'countedSince'> => {
  const ended = new Map(
    compared.flatMap((decision) =>
      decision.changes.resolved.flatMap(({ finding }) =>
        finding.firstFound === null
          ? []
          : [[`${decision.image.id ?? decision.state.reference}\n${finding.key}`, finding.firstFound] as const],
      ),
    ),
  );
  const all = [...stays, ...ended.values().map((from) => ({ until: pass.at, days: daysBetween(from, pass.at) }))];
  const kept = all.slice(-MOST_STAYS);
  const [oldest] = kept;
  return { stays: kept, countedSince: kept.length < all.length && oldest !== undefined ? oldest.until : countedSince };
};

const daysBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / DAY_MS);
