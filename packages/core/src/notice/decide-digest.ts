import type { DigestPeriod, DigestState, PassScope } from './digest-state.ts';
import type { Pass } from './pass.ts';
import { countPass, type DigestNews, recordNews } from './record-digest.ts';

/** A pass begins a little earlier than the one a week before, as often as a little later. */
const EARLY_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface DigestDecision {
  readonly state: DigestState | null;
  /** Whether this pass is the one to send it. */
  readonly isDue: boolean;
}

/**
 * Counts a pass for the next digest and says whether that is due: a period after the last one, or after the first pass
 * with the setting. A pass that looks at less than the others neither sends one nor puts it off, unless for a whole
 * period there was no other: then that is what this host looks at.
 *
 * @param period null where no digests are wanted
 */
export const decideDigest = (
  before: DigestState | null,
  news: DigestNews,
  period: DigestPeriod | null,
): DigestDecision => {
  const { pass } = news;
  const scope = scopeOf(pass);
  if (before === null) return { state: period === null ? null : beginDigest(scope, pass.at), isDue: false };
  const since = earlier(before.since, pass.at);
  const narrowSince = isNarrower(scope, before.scope) ? earlier(before.narrowSince ?? pass.at, pass.at) : null;
  const isLookByHand = narrowSince !== null && (period === null || !hasPassed(period, narrowSince, pass.at));
  const counted = { ...recordNews(before, news), since, narrowSince };
  if (isLookByHand) return { state: counted, isDue: false };
  if (period === null) return { state: null, isDue: false };
  return {
    state: { ...counted, scope, narrowSince: null, passes: countPass(before.passes, pass) },
    isDue: hasPassed(period, since, pass.at),
  };
};

/** What is kept once a digest was sent. */
export const afterDigest = (state: DigestState, at: string): DigestState => ({
  ...state,
  since: at,
  passes: { ...state.passes, made: 0, complete: 0 },
  new: [],
  resolved: [],
  unlisted: { new: 0, resolved: 0 },
});

const beginDigest = (scope: PassScope, at: string): DigestState => ({
  since: at,
  scope,
  narrowSince: null,
  passes: { made: 0, complete: 0, lastComplete: null },
  new: [],
  resolved: [],
  unlisted: { new: 0, resolved: 0 },
  countedSince: at,
  stays: [],
});

const scopeOf = ({ filter, only = [] }: Pass): PassScope => ({
  severities: [...filter.severities],
  extra_args: [...filter.extra_args],
  only: [...only],
});

/** Whether a pass leaves out something that the others look at. */
const isNarrower = (now: PassScope, usual: PassScope): boolean => {
  const sameImages = now.only.toSorted().join('\n') === usual.only.toSorted().join('\n');
  return (
    (now.only.length > 0 && !sameImages) ||
    usual.severities.some((severity) => !now.severities.includes(severity)) ||
    now.extra_args.some((argument) => !usual.extra_args.includes(argument))
  );
};

/** A moment that lies ahead was written under another clock, and would be waited for until that comes. */
const earlier = (moment: string, at: string): string => (Date.parse(moment) > Date.parse(at) ? at : moment);

const hasPassed = (period: DigestPeriod, since: string, at: string): boolean =>
  Date.parse(at) >= endOf(period, new Date(since)) - EARLY_MS;

const endOf = (period: DigestPeriod, since: Date): number => {
  if (period === 'weekly') return since.getTime() + 7 * DAY_MS;
  const end = new Date(since);
  end.setUTCMonth(since.getUTCMonth() + 1);
  // A day that the next month does not have runs over into the month after.
  if (end.getUTCDate() !== since.getUTCDate()) end.setUTCDate(0);
  return end.getTime();
};
