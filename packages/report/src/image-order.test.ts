import { expect, test } from 'vitest';

import type { ImageReport } from '@scanner/core';
import { aFinding, anImageReport } from '@scanner/core/testing';

import { sortImages } from './image-order.ts';

const critical = aFinding({ severity: 'CRITICAL' });
const high = aFinding({ severity: 'HIGH' });
const unfixable = aFinding({ severity: 'CRITICAL', fixed: null });
const running = [{ name: 'web', state: 'running', compose_project: null }];

const named = (name: string, given: Partial<ImageReport> = {}) => anImageReport({ references: [name], ...given });
const names = (images: readonly ImageReport[]) => images.map(({ references }) => references[0]);

test('puts the greater risk first, then what can be mended, then what runs', () => {
  const { atRisk } = sortImages([
    named('two highs', { findings: [high, high] }),
    named('no fix', { findings: [unfixable] }),
    named('fixable', { findings: [critical] }),
    named('fixable and running', { findings: [critical], containers: running }),
    named('critical and high', { findings: [critical, high] }),
  ]);

  expect(names(atRisk)).toEqual(['critical and high', 'fixable and running', 'fixable', 'no fix', 'two highs']);
});

test('counts only what was fully judged as clean', () => {
  const { atRisk, clean } = sortImages([
    named('full'),
    named('eol', { coverage: 'eol' }),
    named('unsupported', { coverage: 'unsupported' }),
    named('partial', { coverage: 'partial' }),
  ]);

  expect(names(clean)).toEqual(['full']);
  expect(names(atRisk)).toEqual(['eol', 'partial', 'unsupported']);
});

test('keeps failed and skipped ones apart', () => {
  const { failed, skipped, clean } = sortImages([
    named('failed', { status: 'failed', coverage: null }),
    named('skipped', { status: 'skipped', coverage: null }),
  ]);

  expect([names(failed), names(skipped), clean]).toEqual([['failed'], ['skipped'], []]);
});
