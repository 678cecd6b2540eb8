import type { Failure } from '../model/failure.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { type ChangeGroup, changeOf, groupChanges, repeatOf, worstOf } from './change-groups.ts';
import { composeDigest, type DueDigest, openGroups } from './compose-digest.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { endingAcceptances } from './ending-acceptances.ts';
import { failureGroups, troubleGroups } from './failure-groups.ts';
import { firstSeenGroups, worstFirstSeen } from './first-seen-groups.ts';
import { type Notice, NOTICE_CAPS, type NoticeCaps } from './notice.ts';
import { isRepeatDue, outstandingFindings, resolvedBeside } from './outstanding.ts';
import { isScanned, type Pass, type TellingSettings } from './pass.ts';
import { clip, cutList, listedFindings, shortenGroups, shortenNames } from './shorten.ts';
import { type Failing, NOTHING_UNTOLD } from './told-state.ts';
import { isHeldForSome, undeliveredNotices } from './undelivered-notices.ts';
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
  /** What a digest is made of, when one is due. */
  readonly digest: DueDigest | null;
  /** What the host was called in the last notice; null where there was none. */
  readonly hostName: string | null;
}

export interface ComposedNotice {
  readonly notice: Notice;
  /** Whether everything that is not accepted was told again. */
  readonly repeats: boolean;
  /** What changed, whole. */
  readonly groups: readonly ChangeGroup[];
  /** What is told again, and what a digest lists as open, whole. */
  readonly repeated: readonly ChangeGroup[];
}

/** The one notice of a pass, or `null` when nothing happened that people have to hear of. */
export const composeNotice = (given: PassFindings, settings: TellingSettings): ComposedNotice | null => {
  const { pass } = given;
  const decisions = given.decisions.map(withWhatWaited);
  const found = { ...given, decisions };
  const isRepeat = isRepeatDue(settings.repeat, decisions, pass);
  const repeats = isRepeat || found.digest !== null;
  const caps = settings.caps ?? NOTICE_CAPS;
  const ending = endingAcceptances(decisions, pass, settings, caps);
  if (!repeats && ending.total === 0 && !isCausedByHost(found) && !decisions.some(causesNotice)) return null;

  const groups = groupChanges(decisions.map(changeOf));
  const told = toldInImages(decisions);
  const changes = shortenGroups(groups, caps, caps.findings);
  const repeatedGroups = isRepeat ? groupChanges(repeatedChanges(found, settings, told)) : [];
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
    ...aboutHost(found, caps, caps.findings - listedFindings(changes) - listedFindings(repeated)),
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
  const open = found.digest === null ? [] : openGroups(found.digest, pass);
  return { notice, repeats, groups, repeated: [...repeatedGroups, ...open] };
};

const isCausedByHost = ({ recovered, trouble, pass }: PassFindings): boolean =>
  recovered !== null || trouble !== null || isHeldForSome(pass.undelivered ?? []);

/** @param places how many open findings a digest lists */
const aboutHost = (
  { pass, digest, hostName }: PassFindings,
  caps: NoticeCaps,
  places: number,
): Pick<Notice, 'undelivered' | 'formerHostName' | 'digest'> => {
  const { undelivered = [], hostName: now = null } = pass;
  const isRenamed = hostName !== null && now !== null && hostName !== now;
  return {
    ...(undelivered.length > 0 && { undelivered: undeliveredNotices(undelivered, caps) }),
    ...(isRenamed && { formerHostName: clip(hostName, caps.text) }),
    ...(digest !== null && { digest: composeDigest(digest, pass, caps, places) }),
  };
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

/** What belongs together: the references of one image. */
const imageNamed = ({ image, state }: ReferenceDecision): string => image.id ?? state.reference;

/** Says of a finding of a reference whether this notice shows it already, under any reference of its image. */
type IsTold = (decision: ReferenceDecision, key: string) => boolean;

/** Holds the keys of one image at a time: those of a whole host may be millions. */
const toldInImages = (decisions: readonly ReferenceDecision[]): IsTold => {
  const byImage = Map.groupBy(decisions, imageNamed);
  let current: { readonly image: string; readonly keys: ReadonlySet<string> } | null = null;
  return (decision, key) => {
    const image = imageNamed(decision);
    if (current?.image !== image) current = { image, keys: new Set((byImage.get(image) ?? []).flatMap(toldKeys)) };
    return current.keys.has(key);
  };
};

const toldKeys = ({ changes, state, firstSeen }: ReferenceDecision): string[] => [
  ...[...changes.new, ...changes.severityRaised].map(({ finding }) => finding.key),
  ...state.untold.joined,
  ...(firstSeen === null ? [] : state.known.map(({ key }) => key)),
];

const repeatedChanges = (
  { pass, decisions, digest }: PassFindings,
  { repeat }: TellingSettings,
  isTold: IsTold,
): ReturnType<typeof repeatOf>[] =>
  decisions.map((decision) => {
    const resolvedNow = new Set(decision.changes.resolved.map(({ finding }) => finding.key));
    return repeatOf(
      decision,
      digest === null ? outstandingFindings(decision.state, pass).filter(({ key }) => !isTold(decision, key)) : [],
      repeat === 'every-pass' ? resolvedBeside(decision.state).filter(({ key }) => !resolvedNow.has(key)) : [],
    );
  });

const notAcceptedBeside = (
  isTold: IsTold,
  decisions: readonly ReferenceDecision[],
  pass: Pass,
): Notice['notAccepted'] => {
  let count = 0;
  let since: string | null = null;
  for (const ofImage of Map.groupBy(decisions, imageNamed).values()) {
    const beside = ofImage.flatMap((decision) =>
      outstandingFindings(decision.state, pass).filter(({ key }) => !isTold(decision, key)),
    );
    count += new Set(beside.map(({ key }) => key)).size;
    for (const finding of beside)
      if (finding.since !== null && (since === null || finding.since < since)) ({ since } = finding);
  }
  return count === 0 ? null : { count, since };
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
