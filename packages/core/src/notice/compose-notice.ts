import type { Failure } from '../model/failure.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { type ChangeGroup, changeOf, groupChanges, repeatOf, worstOf } from './change-groups.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { endingAcceptances } from './ending-acceptances.ts';
import { failureGroups, troubleGroups } from './failure-groups.ts';
import { firstSeenGroups, worstFirstSeen } from './first-seen-groups.ts';
import { type Notice, NOTICE_CAPS } from './notice.ts';
import { isRepeatDue, outstandingFindings, resolvedBeside } from './outstanding.ts';
import { isScanned, type Pass, type TellingSettings } from './pass.ts';
import { clip, cutList, listedFindings, shortenGroups, shortenNames } from './shorten.ts';
import { type Failing, NOTHING_UNTOLD } from './told-state.ts';
import { changesUntilNow } from './untold-changes.ts';

/** What a whole pass came to, before anybody is told. */
export interface PassFindings {
  readonly pass: Pass;
  /** One for each reference that was in the pass. */
  readonly decisions: readonly ReferenceDecision[];
  /** What kept passes from scanning, was told, and does not any more. */
  readonly recovered: Failure | null;
  /** What keeps passes from scanning, when it is to be told now. */
  readonly trouble: Failing | null;
}

export interface ComposedNotice {
  readonly notice: Notice;
  /** Whether everything that is not accepted was told again. */
  readonly repeats: boolean;
  /** What is told again, whole. */
  readonly repeated: readonly ChangeGroup[];
}

/** The one notice of a pass, or `null` when nothing happened that people have to hear of. */
export const composeNotice = (given: PassFindings, settings: TellingSettings): ComposedNotice | null => {
  const { pass } = given;
  const decisions = given.decisions.map(withWhatWaited);
  const found = { ...given, decisions };
  const repeats = isRepeatDue(settings.repeat, decisions, pass);
  const caps = settings.caps ?? NOTICE_CAPS;
  const ending = endingAcceptances(decisions, pass, settings, caps);
  const isCaused = repeats || found.recovered !== null || found.trouble !== null || ending.total > 0;
  if (!isCaused && !decisions.some(causesNotice)) return null;

  const groups = groupChanges(decisions.map(changeOf));
  const told = toldKeys(decisions);
  const changes = shortenGroups(groups, caps, caps.findings);
  const repeatedGroups = repeats ? groupChanges(repeatedChanges(found, settings, told)) : [];
  const repeated = shortenGroups(
    repeatedGroups,
    { ...caps, groups: Math.max(0, caps.groups - changes.items.length) },
    caps.findings - listedFindings(changes),
  );
  const recoveries = decisions.filter(({ recovered }) => recovered).map(({ state }) => state.reference);
  const { scanner } = pass;
  const notice: Notice = {
    schema: 'gts.notice/1',
    decidedAt: pass.at,
    trivy: scanner && {
      version: scanner.trivyVersion,
      db_updated_at: scanner.databaseUpdatedAt,
      db_stale: scanner.databaseStale,
    },
    filter: { severities: [...pass.filter.severities], extra_args: [...pass.filter.extra_args] },
    totals: totalsOf(found, groups, recoveries.length),
    changes,
    firstSeen: firstSeenGroups(decisions, pass, caps),
    failures: found.trouble === null ? failureGroups(decisions, pass, caps) : troubleGroups(found.trouble, caps),
    recoveries: shortenNames(recoveries.toSorted(), caps.groups, caps),
    recovered: found.recovered,
    ...(ending.total > 0 && { ending }),
    repeated,
    unusableBaselines: cutList(
      (pass.unusableFiles ?? []).map(({ file, problem }) => ({
        file: clip(file, caps.text),
        problem: clip(problem, caps.text),
      })),
      caps.failures,
    ),
    notAccepted: repeats ? null : notAcceptedBeside(told, decisions, pass),
  };
  return { notice, repeats, repeated: repeatedGroups };
};

/** What is to be told of a reference, with what nobody was told before. Of one that fails now it waits on. */
export const withWhatWaited = (decision: ReferenceDecision): ReferenceDecision => {
  if (!isScanned(decision.image)) return { ...decision, state: { ...decision.state, untold: NOTHING_UNTOLD } };
  const { firstSeen, returned: _, ...changes } = changesUntilNow(decision);
  const recovered = decision.recovered || decision.state.untold.recovered;
  return {
    ...decision,
    changes,
    recovered,
    firstSeen: firstSeen ? (decision.firstSeen ?? { baselineOf: null }) : null,
  };
};

const causesNotice = ({ changes, firstSeen, failure, recovered }: ReferenceDecision): boolean =>
  changes.new.length > 0 ||
  changes.resolved.length > 0 ||
  changes.severityRaised.length > 0 ||
  firstSeen !== null ||
  failure !== null ||
  recovered;

const inImage = ({ image, state }: ReferenceDecision, key: string): string => `${image.id ?? state.reference}\n${key}`;

/** What this notice shows already, by image. */
const toldKeys = (decisions: readonly ReferenceDecision[]): Set<string> => {
  const told = new Set<string>();
  for (const decision of decisions) {
    const { changes, state, firstSeen } = decision;
    for (const { finding } of [...changes.new, ...changes.severityRaised]) told.add(inImage(decision, finding.key));
    for (const key of state.untold.joined) told.add(inImage(decision, key));
    if (firstSeen !== null) for (const { key } of state.known) told.add(inImage(decision, key));
  }
  return told;
};

const repeatedChanges = (
  { pass, decisions }: PassFindings,
  { repeat }: TellingSettings,
  told: ReadonlySet<string>,
): ReturnType<typeof repeatOf>[] =>
  decisions.map((decision) => {
    const resolvedNow = new Set(decision.changes.resolved.map(({ finding }) => finding.key));
    return repeatOf(
      decision,
      outstandingFindings(decision.state, pass).filter(({ key }) => !told.has(inImage(decision, key))),
      repeat === 'every-pass' ? resolvedBeside(decision.state).filter(({ key }) => !resolvedNow.has(key)) : [],
    );
  });

const notAcceptedBeside = (
  told: ReadonlySet<string>,
  decisions: readonly ReferenceDecision[],
  pass: Pass,
): Notice['notAccepted'] => {
  const beside = new Set<string>();
  let since: string | null = null;
  for (const decision of decisions)
    for (const finding of outstandingFindings(decision.state, pass)) {
      const key = inImage(decision, finding.key);
      if (told.has(key)) continue;
      beside.add(key);
      if (finding.since !== null && (since === null || finding.since < since)) ({ since } = finding);
    }
  return beside.size === 0 ? null : { count: beside.size, since };
};

type CountedList = 'new' | 'resolved' | 'severityRaised';

const totalsOf = (
  { pass, decisions }: PassFindings,
  groups: readonly ChangeGroup[],
  recovered: number,
): Notice['totals'] => {
  const changed = groups.filter(
    ({ lists }) => lists.new.length + lists.resolved.length + lists.severityRaised.length > 0,
  );
  const findings = (list: CountedList): Set<string> =>
    new Set(
      changed.flatMap(({ images: holding, references, lists }) =>
        holding.flatMap(({ id }) => lists[list].map(({ key }) => `${id ?? references[0]}\n${key}`)),
      ),
    );
  const advisories = (list: CountedList): Set<string> =>
    new Set(changed.flatMap(({ lists }) => lists[list].map(({ vulnerability }) => vulnerability)));
  return {
    images: pass.images.length,
    changedImages: new Set(changed.flatMap(({ images }) => images)).size,
    new: findings('new').size,
    resolved: findings('resolved').size,
    severityRaised: findings('severityRaised').size,
    firstSeen: decisions.filter(({ firstSeen }) => firstSeen !== null).length,
    failing: decisions.filter(({ failure }) => failure !== null).length,
    recovered,
    advisories: {
      new: advisories('new').size,
      resolved: advisories('resolved').size,
      severityRaised: advisories('severityRaised').size,
    },
    worst: worst([...changed.map(worstOf), worstFirstSeen(decisions, pass)]),
  };
};

const worst = (severities: readonly (Severity | null)[]): Severity | null =>
  severities.reduce((a, b) => (a === null || (b !== null && compareSeverity(b, a) > 0) ? b : a), null);
