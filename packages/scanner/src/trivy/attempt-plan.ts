import type { CheckedImage } from './checked-image.ts';
import type { Retry } from './failure-texts.ts';

/** How one run of Trivy is to be made, and what led to it. */
export interface AttemptPlan {
  /** With no other scan beside it, and one layer and file at a time. */
  readonly alone: boolean;
  readonly withoutJava: boolean;
  /** What is known to be what it states; without it the run has a scan cache of its own. */
  readonly checked: CheckedImage | null;
  /** The Java database was asked for. */
  readonly askedForJava: boolean;
  readonly pauseMs: number;
  readonly retries: readonly Retry[];
}

export const FIRST_ATTEMPT: AttemptPlan = {
  alone: false,
  withoutJava: false,
  checked: null,
  askedForJava: false,
  pauseMs: 0,
  retries: [],
};

const BACKOFF_MS = [1000, 4000];

/**
 * The run after one that failed; null when another is not worth it. Every reason counts on its own, so the runs are few.
 *
 * @param random 0 to 1, so that scans that failed together do not come back together
 */
export const nextAttempt = (plan: AttemptPlan, retry: Retry, random: number): AttemptPlan | null => {
  const before = plan.retries.filter((made) => made === retry).length;
  const next = { ...plan, pauseMs: 0, retries: [...plan.retries, retry] };
  if (retry === 'backoff') {
    const pause = BACKOFF_MS[before];
    return pause === undefined ? null : { ...next, pauseMs: Math.round(pause * (0.5 + random)) };
  }
  if (retry === 'never' || before > 0) return null;
  if (retry === 'alone') return { ...next, alone: true };
  return retry === 'without_java' ? { ...next, withoutJava: true } : next;
};
