import type { Baseline } from '../baseline/baseline.ts';
import type { KnownFinding } from '../comparison/known-finding.ts';
import type { BaselineReport } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import { acceptanceOf } from './accepted-keys.ts';
import { acceptReference, type NotAccepted } from './accept-reference.ts';
import { changeOf, groupChanges } from './change-groups.ts';
import { composeNotice, type PassFindings, withWhatWaited } from './compose-notice.ts';
import { countFailure } from './count-failure.ts';
import { decideReference, type ReferenceDecision } from './decide-reference.ts';
import { sharedBaselines } from './first-sight.ts';
import { endingSoon, markWarned } from './ending-acceptances.ts';
import { CHANGED_LISTS, changeLines, repeatedLines } from './log-lines.ts';
import type { Notice } from './notice.ts';
import { outstandingFindings } from './outstanding.ts';
import { isScanned, type Pass, type TellingSettings } from './pass.ts';
import { Predecessors } from './predecessors.ts';
import { SingleAcceptances } from './single-acceptances.ts';
import { changesUntilNow, leaveUntold, rememberSeverity } from './untold-changes.ts';
import { NOTHING_UNTOLD, type ReferenceState, type ToldState, unscannedReference } from './told-state.ts';

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
  /** By reference: whether a finding of it is accepted. */
  readonly acceptance: ReadonlyMap<string, (finding: Finding) => boolean>;
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

  const compared = decideReferences(before, pass, settings).map(rememberSeverity);
  const accepted = settings.accept
    ? acceptAll(compared, pass)
    : { decisions: compared, baselines: [], notAccepted: [] };
  const found: PassFindings = {
    pass,
    decisions: accepted.decisions,
    trouble: null,
    recovered: before.trouble?.told === true ? before.trouble.reason : null,
  };
  const composed = settings.tellsNobody === true ? null : composeNotice(found, settings);
  const told = accepted.decisions.map((decision) =>
    settings.tellsNobody === true
      ? markUntold(decision)
      : markTold(decision, pass, {
          noticed: composed !== null,
          repeats: composed?.repeats ?? false,
          warned: endingSoon(decision, pass, settings),
        }),
  );
  const { kept, lines: goneLines } = keepAbsent(before, told, pass);
  return {
    state: {
      references: [...told, ...kept].toSorted(byReference),
      trouble: settings.tellsNobody === true && before.trouble?.told === true ? before.trouble : null,
    },
    notice: composed?.notice ?? null,
    lines: [
      ...compared.flatMap(({ lines }) => lines),
      ...changeLines(
        groupChanges((settings.tellsNobody === true ? compared : compared.map(withWhatWaited)).map(changeOf)),
        composed === null ? CHANGED_LISTS : undefined,
      ),
      ...repeatedLines(composed?.repeated ?? []),
      ...goneLines,
      ...accepted.baselines.map(({ reference, findings }) => `${reference}: ${findings.length} findings accepted`),
      ...accepted.notAccepted.map(({ reference, reason }) => `${reference}: not accepted, ${reason}`),
    ],
    reports: new Map(compared.map((decision, index) => [decision.state.reference, report(decision, told[index])])),
    acceptance: new Map(told.map((state) => [state.reference, acceptanceOf(state)])),
    baselines: [...accepted.decisions.flatMap(({ carried }) => carried ?? []), ...accepted.baselines],
    notAccepted: accepted.notAccepted,
  };
};

const nothingDecided = (state: ToldState, lines: readonly string[]): PassDecision => ({
  state,
  notice: null,
  lines,
  reports: new Map(),
  acceptance: new Map(),
  baselines: [],
  notAccepted: [],
});

const decideReferences = (before: ToldState, pass: Pass, { failuresAfter }: TellingSettings): ReferenceDecision[] => {
  const known = new Map(before.references.map((state) => [state.reference, state]));
  const context = {
    pass,
    shared: sharedBaselines(pass.baselines),
    predecessors: new Predecessors(before, pass),
    singles: new SingleAcceptances(pass),
    failuresAfter,
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

const acceptAll = (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
): { decisions: ReferenceDecision[]; baselines: Baseline[]; notAccepted: NotAccepted[] } => {
  const baselines: Baseline[] = [];
  const notAccepted: NotAccepted[] = [];
  const after = decisions.map((decision) => {
    const outcome = acceptReference(decision, pass);
    if (outcome.status === 'kept') {
      notAccepted.push(outcome.notAccepted);
      return decision;
    }
    baselines.push(outcome.baseline);
    return outcome.decision;
  });
  return { decisions: after, baselines, notAccepted };
};

interface MadeKnown {
  readonly noticed: boolean;
  readonly repeats: boolean;
  /** That their acceptance ends. */
  readonly warned: readonly KnownFinding[];
}

/** What waited for a notice went with this one; and when everything that is not accepted was last told. */
const markTold = (
  { state, image }: ReferenceDecision,
  pass: Pass,
  { noticed, repeats, warned }: MadeKnown,
): ReferenceState => {
  const outstanding = outstandingFindings(state, pass).length > 0;
  const listedAt = outstanding ? (repeats ? pass.at : (state.listedAt ?? pass.at)) : null;
  const untold = noticed && isScanned(image) ? NOTHING_UNTOLD : state.untold;
  return { ...markWarned(state, warned), untold, listedAt };
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
  const absent = before.references
    .filter(({ reference }) => !inPass.has(reference))
    .map((state) => ({
      ...state,
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
  const found = { pass: { ...pass, images: [] }, decisions: [], trouble: tell ? failing : null, recovered: null };
  const trouble = silent && tell ? { ...failing, told: false } : failing;
  return {
    ...nothingDecided({ ...before, trouble }, [`nothing was scanned (${reason.code}: ${reason.message})`]),
    notice: silent ? null : (composeNotice(found, settings)?.notice ?? null),
  };
};

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
