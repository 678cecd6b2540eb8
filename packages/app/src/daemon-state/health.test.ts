import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { type Health, judgeHealth, missingPass, readHealth, writeHealth } from './health.ts';

const AT = '2026-11-22T12:00:00.000Z';
const later = (seconds: number) => ({ now: () => new Date(Date.parse(AT) + seconds * 1000) });

const health = (pass: Partial<Health['pass']> = {}, problems: readonly string[] = []): Health => ({
  schema: 'gts.health/1',
  at: AT,
  started_at: AT,
  problems: [...problems],
  pass: { running_since: null, next_at: null, last_end_at: null, last_outcome: null, reason: null, ...pass },
  deliveries: { pending: 0, dead: 0, oldest_pending_at: null, last_error: null },
});

describe('a daemon', () => {
  it('is well while its sign of life is fresh and it has no problem', () => {
    expect(judgeHealth(health(), later(60))).toEqual([]);
  });

  it.each([
    ['wrote no sign of life', null, later(0), 'no daemon'],
    ['wrote none for minutes', health(), later(300), 'last sign of life'],
    ['has a problem of its own', health({}, ['no pass']), later(0), 'no pass'],
  ])('is not when it %s', (_, written, clock, problem) => {
    expect(judgeHealth(written, clock)).toEqual([expect.stringContaining(problem)]);
  });

  it('is believed what it wrote, and nothing that is none of its words', async () => {
    await using directory = await temporaryDirectory();
    expect(readHealth(directory.path)).toBeNull();
    await writeHealth(directory.path, health());
    expect(readHealth(directory.path)).toEqual(health());
  });
});

describe('a pass is missed', () => {
  const HOUR = 3600;

  it('when none has come to its end for two intervals and an hour', () => {
    const ended = health({ last_end_at: AT });
    expect(missingPass(ended, HOUR, later(3 * HOUR).now())).toBeNull();
    expect(missingPass(ended, HOUR, later(3 * HOUR + 1).now())).toContain(`since ${AT}`);
  });

  it('from the start on where there was none, with why the last one failed', () => {
    const failing = health({ reason: 'no engine' });
    expect(missingPass(failing, HOUR, later(4 * HOUR).now())).toMatch(/since the start at .*: no engine$/);
  });
});
