import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ScannerError, silentLog } from '@scanner/core';

import { pauseAfter, PublishingSchedule } from './publishing-schedule.ts';

let now: number;
let publications: number[];
let outcome: 'written' | 'busy' | ScannerError;
let warnings: string[];

const DURATION_MS = 40;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  publications = [];
  outcome = 'written';
  warnings = [];
});

afterEach(() => {
  vi.useRealTimers();
});

const publish = async () => {
  if (outcome instanceof ScannerError) throw outcome;
  if (outcome === 'busy') return undefined;
  publications.push(now);
  now += DURATION_MS;
  return { written: true, tools: 10_000 };
};

const schedule = () =>
  new PublishingSchedule(
    { publish: async () => ({ written: true, tools: 10_000, ...(await publish()) }), publishUnlessBusy: publish },
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
