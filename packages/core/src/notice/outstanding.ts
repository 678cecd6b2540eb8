import type { KnownFinding } from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { NoticeRepeat, Pass } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** A pass begins a little earlier than the one a week before, as often as a little later. */
const EARLY_SECONDS = 3600;

/** What people were told, did not accept, and would find still there. */
export const outstandingFindings = (state: ReferenceState, pass: Pass): KnownFinding[] => {
  const isListed = listedBy(pass.filter);
  const missing = new Set(state.missing.map(({ key }) => key));
  return state.known.filter(
    ({ key, accepted, outside, foundWith, severity, status }) =>
      !accepted &&
      !outside &&
      foundWith === null &&
      !missing.has(key) &&
      (severity === null || pass.filter.severities.includes(severity)) &&
      (severity === null || status === null || isListed({ severity, status })),
  );
};

/** What a baseline still accepts and is not there any more. */
export const resolvedBeside = ({ resolvedSince }: ReferenceState): KnownFinding[] =>
  resolvedSince.filter(({ accepted }) => accepted);

/** Whether it is time to tell again what is not accepted. All of it goes together, so that it is one notice. */
export const isRepeatDue = (repeat: NoticeRepeat, decisions: readonly ReferenceDecision[], pass: Pass): boolean => {
  if (repeat === 'never') return false;
  if (repeat === 'every-pass')
    return decisions.some(
      ({ state }) => resolvedBeside(state).length > 0 || outstandingFindings(state, pass).length > 0,
    );
  const latest = Date.parse(pass.at) - Math.max(0, repeat.everySeconds - EARLY_SECONDS) * 1000;
  return decisions.some(
    ({ state }) =>
      state.listedAt !== null && Date.parse(state.listedAt) <= latest && outstandingFindings(state, pass).length > 0,
  );
};
