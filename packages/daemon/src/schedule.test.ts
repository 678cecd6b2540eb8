import { describe, expect, it } from 'vitest';

import type { LastPass } from '@scanner/app/daemon-state';
import { Schedule } from './schedule.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-22T00:00:00Z');

/** Both clocks, each moved by hand. */
const clocks = () => {
  let wall = START;
  let elapsed = 1000;
  return {
    now: () => new Date(wall),
    elapsed: () => elapsed,
    pass: (seconds: number) => {
      wall += seconds * 1000;
      elapsed += seconds * 1000;
    },
    set: (seconds: number) => {
      wall += seconds * 1000;
    },
  };
};

const lastPass = (startedSecondsAgo: number, more: Partial<LastPass> = {}): LastPass => ({
  schema: 'gts.last-pass/1',
  outcome: 'complete',
  started_at: new Date(START - startedSecondsAgo * 1000).toISOString(),
  ended_at: null,
  reason: null,
  last_end_at: null,
  settings: 'same',
  db_updated_at: null,
  totals: null,
  images: [],
  ...more,
});

const daily = (clock = clocks(), jitterSeconds = 0, random = () => 0.5) => ({
  clock,
  schedule: new Schedule({ intervalSeconds: DAY, jitterSeconds }, clock, random),
});

describe('the next pass', () => {
  it('is due at once where there was none', () => {
    const { schedule } = daily();
    schedule.resume(null, 'same');
    expect(schedule.dueInMs()).toBe(0);
  });

  it('is an interval and its jitter after the start of the one before', () => {
    const { clock, schedule } = daily(clocks(), 600);
    schedule.started();
    clock.pass(HOUR);
    expect(schedule.dueInMs()).toBe((DAY + 300 - HOUR) * 1000);
  });

  it('is where it was after a restart', () => {
    const { schedule } = daily();
    schedule.resume(lastPass(6 * HOUR), 'same');
    expect(schedule.dueInMs()).toBe(18 * HOUR * 1000);
  });

  it('is due at once after a restart when it was missed, however often', () => {
    const { clock, schedule } = daily();
    schedule.resume(lastPass(10 * DAY), 'same');
    expect(schedule.dueInMs()).toBe(0);
    schedule.started();
    clock.pass(60);
    expect(schedule.dueInMs()).toBe((DAY - 60) * 1000);
  });

  it.each([
    ['was stopped', lastPass(HOUR, { outcome: 'interrupted' })],
    ['was killed', lastPass(HOUR, { outcome: 'running' })],
    ['had other settings', lastPass(HOUR, { settings: 'other' })],
    ['lies in the future', lastPass(-HOUR)],
  ])('is due at once after a restart when the one before %s', (_, last) => {
    const { schedule } = daily();
    schedule.resume(last, 'same');
    expect(schedule.dueInMs()).toBe(0);
  });

  it('comes within the hour when one could do nothing, also after a restart', () => {
    const { clock, schedule } = daily();
    schedule.started();
    clock.pass(60);
    schedule.failed();
    expect(schedule.dueInMs()).toBe((HOUR - 60) * 1000);

    const restarted = daily();
    restarted.schedule.resume(lastPass(60, { outcome: 'failed' }), 'same');
    expect(restarted.schedule.dueInMs()).toBe((HOUR - 60) * 1000);
  });
});

describe('a clock that is set', () => {
  it('back by a day delays nothing', () => {
    const { clock, schedule } = daily();
    schedule.started();
    clock.set(-DAY);
    clock.pass(DAY);
    expect(schedule.dueInMs()).toBe(0);
  });

  it('back by a day after a restart delays nothing either', () => {
    const { clock, schedule } = daily();
    schedule.resume(lastPass(6 * HOUR), 'same');
    clock.set(-DAY);
    clock.pass(18 * HOUR);
    expect(schedule.dueInMs()).toBe(0);
  });

  it('forward by a month costs one early pass', () => {
    const { clock, schedule } = daily();
    schedule.started();
    clock.set(30 * DAY);
    expect(schedule.dueInMs()).toBe(0);
    schedule.started();
    expect(schedule.dueInMs()).toBe(DAY * 1000);
  });

  it('is believed where the machine slept and the monotonic clock stood still', () => {
    const { clock, schedule } = daily();
    schedule.started();
    clock.set(2 * DAY);
    expect(schedule.dueInMs()).toBe(0);
  });
});

describe('a single pass', () => {
  const single = () => {
    const clock = clocks();
    return { clock, schedule: new Schedule({ intervalSeconds: DAY, jitterSeconds: 0, once: true }, clock) };
  };

  it('is due at the start, whatever was made before, and no other follows it', () => {
    const { clock, schedule } = single();
    schedule.resume(lastPass(60), 'same');
    expect(schedule.dueInMs()).toBe(0);
    schedule.started();
    clock.pass(30 * DAY);
    expect(schedule.dueInMs()).toBe(Infinity);
  });

  it('is tried again where it could do nothing', () => {
    const { clock, schedule } = single();
    schedule.started();
    schedule.failed();
    clock.pass(HOUR);
    expect(schedule.dueInMs()).toBe(0);
  });
});
