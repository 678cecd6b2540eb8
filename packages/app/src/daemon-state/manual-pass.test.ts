import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { type HostPassOutcome, silentLog } from '@scanner/core';
import { aHostScan, anImageReport } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { readManualPass, recorded } from './manual-pass.ts';

const AT = '2026-11-22T12:00:00.000Z';
const contextIn = (state: string) => ({
  state,
  commandLine: 'gts host scan',
  clock: { now: () => new Date(AT), elapsed: () => 0 },
  log: silentLog,
});

const outcome = (more: Partial<HostPassOutcome> = {}): HostPassOutcome => ({
  document: aHostScan([anImageReport({ status: 'complete', coverage: 'full' })]),
  warnings: [],
  problems: [],
  interrupted: false,
  ...more,
});

it('remembers how a pass by hand went and who made it, and gives its outcome', async () => {
  await using directory = await temporaryDirectory();
  const made = outcome({ problems: ['a baseline cannot be read'] });
  expect(await recorded(contextIn(directory.path), () => Promise.resolve(made))).toBe(made);
  expect(readManualPass(directory.path)).toMatchObject({
    outcome: 'partial',
    reason: 'a baseline cannot be read',
    last_end_at: AT,
    totals: made.document.totals,
    by: `gts host scan (${userInfo().username})`,
  });
});

it('keeps what the last whole one found when another fails or is interrupted', async () => {
  await using directory = await temporaryDirectory();
  const context = contextIn(directory.path);
  const { document } = await recorded(context, () => Promise.resolve(outcome()));
  const failing = recorded(context, () => Promise.reject(new Error('no engine')));
  await expect(failing).rejects.toThrow('no engine');
  expect(readManualPass(directory.path)).toMatchObject({
    outcome: 'failed',
    reason: 'no engine',
    last_end_at: AT,
    totals: document.totals,
  });
  await recorded(context, () => Promise.resolve(outcome({ interrupted: true })));
  expect(readManualPass(directory.path)).toMatchObject({ outcome: 'interrupted', totals: document.totals });
});

it('counts as none where its record makes no sense', async () => {
  await using directory = await temporaryDirectory();
  expect(readManualPass(directory.path)).toBeNull();
  await writeFile(join(directory.path, 'manual-pass.json'), '{"schema":"gts.last-pass/1"}');
  expect(readManualPass(directory.path)).toBeNull();
});
