import type { Baseline } from '../baseline/baseline.ts';
import { acceptanceMark, isSameAcceptance, knownOfBaseline } from '../baseline/known-baseline.ts';
import { baselineRevision } from '../baseline/write-baseline.ts';
import { scannedAlike } from '../comparison/circumstances.ts';
import { hasEnded, isExpired, type KnownFinding, worseSeverity } from '../comparison/known-finding.ts';
import type { KnownSide } from '../comparison/sides.ts';
import { aliasKeys } from '../model/finding.ts';
import { forgetKnown } from './next-known.ts';
import { NOTHING_UNTOLD, type ReferenceState } from './told-state.ts';
import { keepUntoldOf } from './untold-changes.ts';

/**
 * What is known once a baseline was saved or edited. Saved from a scan, it is what is known, whichever way it was saved.
 * Edited, what it accepts is known beside what was told since; what it does not accept any more is not known, and what
 * was told as resolved is not known again.
 *
 * @param from the reference whose baseline it is, when it is not the reference's own
 */
export const adoptBaseline = (
  state: ReferenceState,
  baseline: Baseline,
  at: string,
  from: string | null = null,
): ReferenceState => {
  const inOrder = { ...baseline, findings: baseline.findings.toSorted(bySince) };
  const file = knownOfBaseline(inOrder);
  const adopted = wasSavedAnew(state, baseline) ? adoptSaved(state, file) : adoptEdited(state, inOrder, file, at);
  return {
    ...adopted,
    standing: 'accepted',
    baseline: { revision: baselineRevision(baseline), from, savedAt: baseline.saved_at ?? null },
  };
};

/** Of two lines that name one finding by now, the later one counts. */
const bySince = (a: Baseline['findings'][number], b: Baseline['findings'][number]): number =>
  (a.since === null ? 0 : Date.parse(a.since)) - (b.since === null ? 0 : Date.parse(b.since));

const wasSavedAnew = (state: ReferenceState, { saved_at: savedAt }: Baseline): boolean =>
  savedAt !== null && savedAt !== undefined && state.scanned !== null && savedAt !== state.baseline?.savedAt;

const adoptSaved = (state: ReferenceState, file: KnownSide): ReferenceState => {
  const before = new Map(state.known.map((known) => [known.key, known]));
  const inFile = new Set(file.findings.map(({ key }) => key));
  const strange = new Set(file.findings.flatMap(({ key, vulnerability }) => (before.has(key) ? [] : [vulnerability])));
  const mayBeNamed = ({ vulnerability, aliases }: KnownFinding): boolean =>
    [vulnerability, ...aliases].some((id) => strange.has(id));
  const dropped = state.known.filter((known) => inFile.has(known.key) || !mayBeNamed(known));
  const { filter } = file.circumstances;
  const foundWith =
    filter === null || scannedAlike(filter.extra_args, state.scanned?.filter?.extra_args ?? filter.extra_args)
      ? null
      : [...filter.extra_args];
  return {
    ...state,
    known: file.findings.map((line) => {
      const known = before.get(line.key);
      return known === undefined
        ? { ...line, foundWith }
        : {
            ...line,
            foundWith,
            installed: known.installed,
            url: known.url,
            title: known.title,
            status: known.status,
            aliases: known.aliases,
            endTold: known.endTold,
            firstFound: known.firstFound,
          };
    }),
    // What may be in the file by another name is left to the comparison.
    ...forgetKnown({ ...state, known: dropped }, (key) => inFile.has(key)),
    coverage: file.coverage ?? state.coverage,
    settledImage: file.circumstances.imageId,
    settledContent: file.circumstances.content,
    missing: [],
    resolvedSince: [],
    takenBack: [],
    movedSince: [],
    untold: { ...NOTHING_UNTOLD, recovered: state.untold.recovered },
    listedAt: null,
  };
};

const adoptEdited = (state: ReferenceState, baseline: Baseline, file: KnownSide, at: string): ReferenceState => {
  const named = new Set(file.findings.map(({ key }) => key));
  const movedSince = linesMoved(state, named);
  const movedTo = new Map(movedSince);
  const lines = new Map(baseline.findings.map((line) => [movedTo.get(line.key) ?? line.key, line]));
  const inFile = new Map(
    file.findings
      .map((finding) => ({ ...finding, key: movedTo.get(finding.key) ?? finding.key }))
      .map((finding) => [finding.key, finding]),
  );
  const known = new Map(state.known.map((finding) => [finding.key, finding]));
  const resolved = state.resolvedSince.flatMap((gone) => {
    const line = inFile.get(gone.key);
    if (line === undefined) return [];
    return [
      gone.savedAs !== null && gone.savedAs === line.savedAs
        ? gone
        : { ...gone, ...line, aliases: gone.aliases, goneAt: gone.goneAt },
    ];
  });
  const gone = new Set(resolved.map(({ key }) => key));
  const acceptKnown = (finding: KnownFinding): KnownFinding => {
    const before = known.get(finding.key);
    const line = lines.get(finding.key);
    return before === undefined || line === undefined ? finding : acceptOnceMore(finding, before, line, at);
  };
  const findings = [
    ...[...inFile.values()].filter(({ key }) => !gone.has(key)).map(acceptKnown),
    ...state.known.filter(({ key, accepted: was, single }) => (!was || single !== null) && !inFile.has(key)),
  ].map((finding) =>
    inFile.has(finding.key) || finding.single !== null ? finding : { ...finding, accepted: false, expires: null },
  );
  const kept = new Set(findings.map(({ key }) => key));
  const takenBack = state.known.flatMap(({ key, accepted: was }) => (was ? [key] : []));
  const started = state.scanned === null;
  return {
    ...state,
    known: findings,
    coverage: started ? (file.coverage ?? state.coverage) : state.coverage,
    scanned: started ? file.circumstances : state.scanned,
    settledImage: started ? baseline.image_id : state.settledImage,
    settledContent: started ? (baseline.content ?? null) : state.settledContent,
    missing: state.missing.filter(({ key }) => kept.has(key)),
    resolvedSince: resolved,
    takenBack: [...state.takenBack, ...takenBack].filter((key) => !kept.has(key)),
    movedSince,
    untold: keepUntoldOf(state, findings),
  };
};

/** What the lines of a file are called by now: as it was noted, and by the other names of what is known. */
const linesMoved = (state: ReferenceState, lines: ReadonlySet<string>): ReferenceState['movedSince'] => {
  const noted = state.movedSince.filter(([key]) => lines.has(key));
  const ours = [...state.known, ...state.resolvedSince];
  const taken = new Set([...ours.map(({ key }) => key), ...noted.map(([key]) => key)]);
  const byOtherName = ours.flatMap((finding) => aliasKeys(finding).map((key): [string, string] => [key, finding.key]));
  return [
    ...noted,
    ...new Map(byOtherName.filter(([key, now]) => lines.has(key) && !taken.has(key) && !lines.has(now))),
  ];
};

/**
 * What people were told beside is kept where the line is the one that they knew: nobody is told twice of the same
 * severity, or of an acceptance that ended.
 */
const acceptOnceMore = (
  accepted: KnownFinding,
  known: KnownFinding,
  line: Baseline['findings'][number],
  at: string,
): KnownFinding => {
  // A line that is over takes nothing from what accepts the finding by itself.
  if (known.single !== null && hasEnded(accepted, known, at)) return known;
  const mark = acceptanceMark(line);
  const untouched = known.savedAs === mark || (known.savedAs === null && !isLater(line.since, known));
  if (untouched && !known.accepted && (known.savedAs !== null || isExpired(accepted, at))) return known;
  const sameAcceptance = known.savedAs === null ? known.accepted : isSameAcceptance(known.savedAs, line);
  return {
    ...known,
    accepted: true,
    single: null,
    since: accepted.since ?? known.since,
    expires: accepted.expires,
    untilFix: accepted.untilFix,
    savedAs: mark,
    severity: sameAcceptance ? worseSeverity(known.severity, accepted.severity) : (accepted.severity ?? known.severity),
    fixed: known.fixed ?? accepted.fixed,
  };
};

const isLater = (since: string | null, known: KnownFinding): boolean =>
  since !== null && known.since !== null && Date.parse(since) > Date.parse(known.since);

/** What is known when the baseline was removed: the same, and nothing of it is accepted. */
export const dropBaseline = (state: ReferenceState): ReferenceState => ({
  ...state,
  standing: state.scanned === null ? 'unscanned' : 'pending',
  baseline: null,
  known: state.known.map((finding) =>
    finding.single === null ? { ...finding, accepted: false, expires: null, untilFix: false } : finding,
  ),
  resolvedSince: [],
  movedSince: [],
});
