import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ScannerError, silentLog } from '@scanner/core';

import { pauseAfter, PublishingSchedule } from './publishing-schedule.ts';

let now: number;
let publications: number[];
let outcome: 'written' | 'busy' | ScannerError;
let warnings: string[];
let tools: number;

const DURATION_MS = 40;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  publications = [];
  outcome = 'written';
  warnings = [];
  tools = 10_000;
});

afterEach(() => {
  vi.useRealTimers();
});

const publish = async () => {
  if (outcome instanceof ScannerError) throw outcome;
  if (outcome === 'busy') return undefined;
  publications.push(now);
  now += DURATION_MS;
  return { written: true, tools };
};

const schedule = () =>
  new PublishingSchedule(
    { publish: async () => ({ written: true, tools, ...(await publish()) }), publishUnlessBusy: publish },
    {
      clock: { now: () => new Date(now), elapsed: () => now },
      log: { ...silentLog, warn: (_, facts) => void warnings.push(String(facts?.['code'])) },
    },
  );

const pass = async (milliseconds: number): Promise<void> => {
  for (const end = now + milliseconds; now < end; now += 1) await vi.advanceTimersByTimeAsync(1);
};

test('publishing takes a twentieth of the time at most', () => {
  expect(pauseAfter(1000, 100_000)).toBe(19_000);
  expect(pauseAfter(40, 5000)).toBe(760);
  expect(pauseAfter(1, 5000)).toBe(500);
});

test('up to 5,000 tools are published within a second of the change, however slow the disk is', () => {
  expect(pauseAfter(100, 5000)).toBe(800);
  expect(pauseAfter(100, 5001)).toBe(1900);
  expect(pauseAfter(10_000, 5000)).toBe(100);
});

test('many changes are published together, and not again until there are more', async () => {
  const published = schedule();
  for (let change = 0; change < 3; change += 1) published.noteChange();
  await pass(5000);
  expect(publications).toHaveLength(1);

  published.noteChange();
  await pass(5000);
  expect(publications).toHaveLength(2);
});

test('steady changes are published in steady steps', async () => {
  const published = schedule();
  for (let moment = 0; moment < 5000; moment += 10) {
    published.noteChange();
    await pass(10);
  }
  const gaps = publications.slice(1).map((at, index) => at - (publications[index] ?? 0));

  expect(publications.length).toBeGreaterThan(3);
  expect(gaps.filter((gap) => gap < 20 * DURATION_MS)).toEqual([]);
});

test('what another process keeps busy is tried again', async () => {
  outcome = 'busy';
  const published = schedule();
  published.noteChange();
  await pass(3000);
  outcome = 'written';
  await pass(3000);

  expect(publications).toHaveLength(1);
});

test('the same trouble is told once, and what could not be published is tried again', async () => {
  outcome = new ScannerError('no space', { code: 'disk_full' });
  const published = schedule();
  published.noteChange();
  await pass(5000);
  expect(warnings).toEqual(['disk_full']);

  outcome = 'written';
  await pass(2000);
  expect(publications).toHaveLength(1);
});

test('nothing is published by itself once it is stopped', async () => {
  const published = schedule();
  published.noteChange();
  await published.stop();
  published.noteChange();
  await pass(5000);

  expect(publications).toEqual([]);
});

describe('a catalogue of up to 1,000 tools', () => {
  beforeEach(() => {
    tools = 1000;
  });

  const opened = async () => {
    const published = schedule();
    await published.flush();
    publications = [];
    return published;
  };

  test('shows what was saved before the call, at once', async () => {
    const published = await opened();
    published.noteChange();
    await published.showNow();
    expect(publications).toHaveLength(1);

    await pass(5000);
    expect(publications).toHaveLength(1);
  });

  test('shows all that is saved meanwhile by one more publication', async () => {
    const published = await opened();
    const waits = Array.from({ length: 5 }, () => {
      published.noteChange();
      return published.showNow();
    });
    const first = waits[0];
    await first;
    published.noteChange();
    await Promise.all([...waits, published.showNow()]);

    expect(publications).toHaveLength(2);
  });

  test('never counts on a publication that had begun before the save', async () => {
    let begun = 0;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const publishAgain = async () => {
      begun += 1;
      if (begun === 2) await held;
      return { written: true, tools };
    };
    const view = { publish: publishAgain, publishUnlessBusy: publishAgain };
    const parts = { clock: { now: () => new Date(now), elapsed: () => now }, log: silentLog };
    const published = new PublishingSchedule(view, parts);
    await published.flush();
    const first = published.showNow();
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toBe(2);
    let shown = false;
    const second = published.showNow().then(() => {
      shown = true;
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(shown).toBe(false);
    release();
    await Promise.all([first, second]);

    expect(begun).toBe(3);
  });

  test('lets nobody wait for a file that cannot be written, tells it once, and shows again when it can', async () => {
    const published = await opened();
    outcome = new ScannerError('no space', { code: 'disk_full' });
    published.noteChange();
    await published.showNow();
    await published.showNow();
    expect([publications.length, warnings]).toEqual([0, ['disk_full']]);

    outcome = 'written';
    await pass(2000);
    expect(publications).toHaveLength(1);
    published.noteChange();
    await published.showNow();
    expect(publications).toHaveLength(2);
  });

  test('waits for a process that is at it, and no longer than three seconds for one that is stuck', async () => {
    const published = await opened();
    outcome = 'busy';
    const shown = published.showNow();
    await pass(60);
    outcome = 'written';
    await pass(60);
    await shown;
    expect(publications).toHaveLength(1);

    outcome = 'busy';
    const stuck = published.showNow();
    await pass(3100);
    await stuck;
    expect(warnings).toEqual(['directory_busy']);
  });

  test('shows nothing any more once it is stopped', async () => {
    const published = await opened();
    await published.stop();
    await published.showNow();
    expect(publications).toEqual([]);
  });
});

test('in a larger catalogue nobody waits', async () => {
  const published = schedule();
  await published.flush();
  publications = [];
  published.noteChange();
  await published.showNow();
  expect(publications).toEqual([]);

  await pass(5000);
  expect(publications).toHaveLength(1);
});
