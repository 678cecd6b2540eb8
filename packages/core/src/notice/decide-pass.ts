import { type Baseline, keepBaseline } from '../baseline/baseline.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import type { BaselineReport } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import { ListKeeper } from '../model/list-keeper.ts';
import { acceptanceOf } from './accepted-keys.ts';
import { acceptReference, type NotAccepted } from './accept-reference.ts';
import { composeNotice, type PassFindings } from './compose-notice.ts';
import { countFailure } from './count-failure.ts';
import type { DueDigest } from './compose-digest.ts';
import { afterDigest, decideDigest, type DigestDecision } from './decide-digest.ts';
import { decideReference, type ReferenceDecision } from './decide-reference.ts';
import { sharedBaselines } from './first-sight.ts';
import { endingSoon, markWarned } from './ending-acceptances.ts';
import { boundLines, repeatedLines } from './log-lines.ts';
import type { Notice } from './notice.ts';
import { outstandingFindings } from './outstanding.ts';
import { linesOfAcceptance, linesOfChanges } from './pass-lines.ts';
import { isScanned, type Pass, type TellingSettings } from './pass.ts';
import { Predecessors } from './predecessors.ts';
import { SingleAcceptances } from './single-acceptances.ts';
import { changesUntilNow, leaveUntold, rememberSeverity } from './untold-changes.ts';
import { keepLists, NOTHING_UNTOLD, type ReferenceState, type ToldState, unscannedReference } from './told-state.ts';
import { LastUsers } from './users-of-images.ts';

const KEPT_DAYS = 30;
const DAY = 86_400_000;

export interface PassDecision {
  /** To be stored in the transaction that stores the notice. */
  readonly state: ToldState;
  readonly notice: Notice | null;
  /** One line each, for the log; what comes from images is in them as it is. */
  readonly lines: readonly string[];
  /** By reference: what changed, whole, for the documents and the logs of the images. */
  readonly reports: ReadonlyMap<string, BaselineReport>;
  /** By reference: says whether a finding of it is accepted, for which all that is known of it is held in memory. */
  readonly acceptance: ReadonlyMap<string, () => (finding: Finding) => boolean>;
  /** To be written before the state is stored; empty unless accepting was asked for. */
  readonly baselines: readonly Baseline[];
  /** What could not be accepted though that was asked for: the files of these stay. */
  readonly notAccepted: readonly NotAccepted[];
}

/**
 * Decides what one pass tells, and what is known once it is told.
 *
 * @example
 * const { state, notice } = decidePass(NOTHING_TOLD, pass, { repeat: 'never', failuresAfter: 3, accept: false });
 */
export const decidePass = (before: ToldState, pass: Pass, settings: TellingSettings): PassDecision => {
  if (pass.interrupted) return nothingDecided(before, ['the pass was stopped: nothing is compared, told or accepted']);
  if (pass.trouble !== null) return decideTrouble(before, pass, pass.trouble, settings);

  const lists = new ListKeeper();
  const compared = decideReferences(before, pass, settings, lists).map((decision) => rememberSeverity(decision, lists));
  const accepted = settings.accept
    ? acceptAll(compared, pass, lists)
    : { decisions: compared, baselines: [], notAccepted: [] };
  const digest = decideDigest(before.digest, { pass, told: accepted.decisions, compared }, settings.digest ?? null);
  const found: PassFindings = {
    pass,
    decisions: accepted.decisions,
    trouble: null,
    recovered: before.trouble?.told === true ? before.trouble.reason : null,
    digest: dueDigest(digest, settings, accepted.decisions),
    hostName: before.hostName,
  };
  const composed = settings.tellsNobody === true ? null : composeNotice(found, settings);
  const told = accepted.decisions.map((decision) =>
    settings.tellsNobody === true
      ? markUntold(decision)
      : markTold(decision, pass, {
          noticed: composed !== null,
          repeats: composed?.repeats ?? false,
          warned: endingSoon(decision, pass, settings),
          lists,
        }),
  );
  const { kept, lines: goneLines } = keepAbsent(before, told, pass);
  return {
    state: {
      references: [...told, ...kept].toSorted(byReference),
      trouble: settings.tellsNobody === true && before.trouble?.told === true ? before.trouble : null,
      ...afterNotice(before, digest, pass, composed?.notice ?? null),
    },
    notice: composed?.notice ?? null,
    lines: [...linesOfChanges(compared, composed, settings), ...goneLines, ...linesOfAcceptance(accepted)],
    reports: new Map(compared.map((decision, index) => [decision.state.reference, report(decision, told[index])])),
    acceptance: new Map(told.map((state) => [state.reference, () => acceptanceOf(state)])),
    baselines: [...accepted.decisions.flatMap(({ carried }) => carried ?? []), ...accepted.baselines],
    notAccepted: accepted.notAccepted,
  };
};

/** Null where none is due. */
const dueDigest = (
  { state, isDue }: DigestDecision,
  { digest: period = null }: TellingSettings,
  references: DueDigest['references'],
): DueDigest | null => (state !== null && period !== null && isDue ? { period, state, references } : null);

/** A digest that went begins the next one, and a name of the host that was used is known. */
const afterNotice = (
  before: ToldState,
  { state }: DigestDecision,
  { at, hostName }: Pass,
  notice: Notice | null,
): Pick<ToldState, 'digest' | 'hostName'> => ({
  digest: state !== null && notice?.digest !== undefined ? afterDigest(state, at) : state,
  hostName: notice === null ? before.hostName : (hostName ?? before.hostName),
});

const nothingDecided = (state: ToldState, lines: readonly string[]): PassDecision => ({
  state,
  notice: null,
  lines,
  reports: new Map(),
  acceptance: new Map(),
  baselines: [],
  notAccepted: [],
});

const decideReferences = (
  before: ToldState,
  pass: Pass,
  { failuresAfter }: TellingSettings,
  lists: ListKeeper,
): ReferenceDecision[] => {
  const known = new Map(before.references.map((state) => [state.reference, state]));
  const context = {
    pass,
    shared: sharedBaselines(pass.baselines),
    predecessors: new Predecessors(before, pass),
    singles: new SingleAcceptances(pass),
    lastUsers: new LastUsers(pass.images),
    failuresAfter,
    lists,
  };
  const decided = new Set<string>();
  return pass.images.flatMap((image) =>
    image.references.flatMap((reference) => {
      if (decided.has(reference)) return [];
      decided.add(reference);
      return [decideReference(known.get(reference) ?? unscannedReference(reference, pass.at), image, context)];
    }),
  );
};

interface Accepted {
  readonly decisions: readonly ReferenceDecision[];
  readonly baselines: readonly Baseline[];
  readonly notAccepted: readonly NotAccepted[];
}

const acceptAll = (decisions: readonly ReferenceDecision[], pass: Pass, lists: ListKeeper): Accepted => {
  const baselines: Baseline[] = [];
  const notAccepted: NotAccepted[] = [];
  const after = decisions.map((decision) => {
    const outcome = acceptReference(decision, pass);
    if (outcome.status === 'kept') {
      notAccepted.push(outcome.notAccepted);
      return decision;
    }
    baselines.push(keepBaseline(outcome.baseline, lists));
    return { ...outcome.decision, state: keepLists(outcome.decision.state, lists) };
  });
  return { decisions: after, baselines, notAccepted };
};

interface MadeKnown {
  readonly noticed: boolean;
  readonly repeats: boolean;
  /** That their acceptance ends. */
  readonly warned: readonly KnownFinding[];
  readonly lists: ListKeeper;
}

/** What waited for a notice went with this one; and when everything that is not accepted was last told. */
const markTold = (
  { state, image }: ReferenceDecision,
  pass: Pass,
  { noticed, repeats, warned, lists }: MadeKnown,
): ReferenceState => {
  const outstanding = outstandingFindings(state, pass).length > 0;
  const listedAt = outstanding ? (repeats ? pass.at : (state.listedAt ?? pass.at)) : null;
  const untold = noticed && isScanned(image) ? NOTHING_UNTOLD : state.untold;
  return { ...(warned.length === 0 ? state : keepLists(markWarned(state, warned), lists)), untold, listedAt };
};

/** Nobody could be told: all of it waits, and no failure or recovery counts as told. */
const markUntold = (decision: ReferenceDecision): ReferenceState => {
  const { state, image, failure, recovered } = decision;
  const failing = state.failing !== null && failure !== null ? { ...state.failing, told: false } : state.failing;
  if (!isScanned(image)) return { ...state, failing };
  return { ...state, failing: recovered ? null : failing, untold: leaveUntold(decision, changesUntilNow(decision)) };
};

/** References that were not in the pass: nothing is said of them, and what was known is kept for a while. */
const keepAbsent = (
  before: ToldState,
  present: readonly ReferenceState[],
  pass: Pass,
): { readonly kept: ReferenceState[]; readonly lines: string[] } => {
  const { at } = pass;
  const inPass = new Set(present.map(({ reference }) => reference));
  const onHost = new Set(pass.onHost ?? inPass);
  const hasLeft = ({ reference }: ReferenceState): boolean =>
    !onHost.has(reference) && (pass.covers?.(reference) ?? true);
  const lastUsers = new LastUsers(pass.images);
  const absent = before.references
    .filter(({ reference }) => !inPass.has(reference))
    .map((state) => ({
      ...state,
      ...lastUsers.of(state, { containers: [], services: [] }),
      goneSince: state.goneSince ?? at,
      leftAt: onHost.has(state.reference) ? null : (state.leftAt ?? (hasLeft(state) ? at : null)),
    }));
  const isKept = ({ goneSince }: ReferenceState): boolean =>
    goneSince === null || Date.parse(at) - Date.parse(goneSince) <= KEPT_DAYS * DAY;
  return {
    kept: absent.filter(isKept),
    lines: absent
      .filter((state) => !isKept(state))
      .map(({ reference }) => `${reference}: not seen for ${KEPT_DAYS} days, what was known of it is forgotten`),
  };
};

/** A pass that could not scan says nothing of any image; when it goes on like that, people hear of it once. */
const decideTrouble = (before: ToldState, pass: Pass, reason: Failure, settings: TellingSettings): PassDecision => {
  const { failing, tell } = countFailure(before.trouble, reason, pass.at, settings.failuresAfter);
  const silent = settings.tellsNobody === true;
  const trouble = silent && tell ? { ...failing, told: false } : failing;
  const digest = decideDigest(before.digest, { pass, told: [], compared: [] }, settings.digest ?? null);
  const found = {
    pass: { ...pass, images: [] },
    decisions: [],
    trouble: tell ? failing : null,
    recovered: null,
    digest: dueDigest(digest, settings, asBefore(before, reason)),
    hostName: before.hostName,
  };
  const composed = silent ? null : composeNotice(found, settings);
  const notice = composed?.notice ?? null;
  return {
    ...nothingDecided({ ...before, trouble, ...afterNotice(before, digest, pass, notice) }, [
      `nothing was scanned (${reason.code}: ${reason.message})`,
      ...boundLines(repeatedLines(composed?.repeated ?? []), 'changes'),
    ]),
    notice,
  };
};

/** What was there in the last pass that could scan. */
const asBefore = ({ references }: ToldState, reason: Failure): DueDigest['references'] =>
  references
    .filter(({ goneSince }) => goneSince === null)
    .map((state) => ({
      state,
      image: {
        id: state.scanned?.imageId ?? null,
        references: [state.reference],
        containers: null,
        outcome: { status: 'failed', reason },
      },
    }));

const report = ({ changes, state }: ReferenceDecision, after: ReferenceState | undefined): BaselineReport => {
  const standing = (after ?? state).standing;
  return {
    reference: state.reference,
    state: standing === 'unscanned' ? 'none' : standing,
    changes: {
      new: changes.new.map(({ finding }) => finding.key),
      resolved: changes.resolved.map(({ finding }) => finding.key),
      severity_raised: changes.severityRaised.map(({ finding }) => finding.key),
      fix_available: changes.fixAvailable.map(({ key }) => key),
    },
  };
};

const byReference = (a: ReferenceState, b: ReferenceState): number =>
  a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;
