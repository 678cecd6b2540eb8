import { describe, expect, test } from 'vitest';

import { FIRST_ATTEMPT, nextAttempt } from './attempt-plan.ts';
import type { AttemptPlan } from './attempt-plan.ts';
import type { Retry } from './failure-texts.ts';

const after = (...retries: Retry[]): AttemptPlan | null => {
  let plan: AttemptPlan | null = FIRST_ATTEMPT;
  for (const retry of retries) plan = plan && nextAttempt(plan, retry, 0.5);
  return plan;
};

describe('nextAttempt', () => {
  test('tries again only what another try may mend', () => {
    expect(after('never')).toBeNull();
    expect(after('once')).toMatchObject({ pauseMs: 0, alone: false, withoutJava: false });
    expect(after('once', 'once')).toBeNull();
  });

  test('waits longer each time for a registry, and gives up in the end', () => {
    expect(after('backoff')?.pauseMs).toBe(1000);
    expect(after('backoff', 'backoff')?.pauseMs).toBe(4000);
    expect(after('backoff', 'backoff', 'backoff')).toBeNull();
  });

  test('spreads those who failed together', () => {
    const pauses = [0, 0.25, 1].map((random) => nextAttempt(FIRST_ATTEMPT, 'backoff', random)?.pauseMs);
    expect(pauses).toEqual([500, 750, 1500]);
  });

  test('keeps what it learned for every later run', () => {
    expect(after('without_java', 'alone')).toMatchObject({ withoutJava: true, alone: true });
    expect(after('without_java', 'without_java')).toBeNull();
    expect(after('alone', 'alone')).toBeNull();
  });
});
