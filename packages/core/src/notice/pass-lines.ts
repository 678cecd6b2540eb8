import type { Baseline } from '../baseline/baseline.ts';
import type { NotAccepted } from './accept-reference.ts';
import { type ChangeGroup, changeOf, groupChanges } from './change-groups.ts';
import { type ComposedNotice, withWhatWaited } from './compose-notice.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { boundLines, CHANGED_LISTS, changeLines, repeatedLines } from './log-lines.ts';
import type { TellingSettings } from './pass.ts';

/** What a pass writes into its log of the comparison: all of it, also what its notice leaves out. */
export const linesOfChanges = (
  compared: readonly ReferenceDecision[],
  composed: ComposedNotice | null,
  settings: TellingSettings,
): string[] => {
  const groups = composed !== null && !settings.accept ? composed.groups : groupsOfChanges(compared, settings);
  const comparisons = compared.flatMap(({ lines }) => lines);
  const changes = [
    ...changeLines(groups, composed === null ? CHANGED_LISTS : undefined),
    ...repeatedLines(composed?.repeated ?? []),
  ];
  return [...boundLines(comparisons, 'comparisons'), ...boundLines(changes, 'changes')];
};

/** What a pass writes into its log of what it accepted, and of what it could not. */
export const linesOfAcceptance = ({ baselines, notAccepted }: AcceptedLists): string[] => [
  ...baselines.map(({ reference, findings }) => `${reference}: ${findings.length} findings accepted`),
  ...notAccepted.map(({ reference, reason }) => `${reference}: not accepted, ${reason}`),
];

interface AcceptedLists {
  readonly baselines: readonly Baseline[];
  readonly notAccepted: readonly NotAccepted[];
}

const groupsOfChanges = (compared: readonly ReferenceDecision[], { tellsNobody }: TellingSettings): ChangeGroup[] =>
  groupChanges((tellsNobody === true ? compared : compared.map(withWhatWaited)).map(changeOf));
