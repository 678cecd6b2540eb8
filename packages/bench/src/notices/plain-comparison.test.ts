import { aFinding } from '@scanner/core/testing';
import { describe, expect, it } from 'vitest';

import { comparePlainly, plainState } from './plain-comparison.ts';

const known = aFinding({ vulnerability: 'CVE-1', severity: 'LOW', fixed: null });
const other = aFinding({ vulnerability: 'CVE-2' });
const nothing = { new: [], resolved: [], severity_raised: [], fix_available: [] };

describe('comparePlainly', () => {
  it('finds nothing between equal lists, whatever their order', () => {
    expect(comparePlainly([known, other], [other, known])).toEqual(nothing);
  });

  it('names what is in one list only', () => {
    expect(comparePlainly([known], [other])).toEqual({ ...nothing, new: [other.key], resolved: [known.key] });
  });

  it('names what is worse or has a fix, and not what is better or lost its fix', () => {
    const worse = { ...known, severity: 'HIGH' as const, fixed: '2' };
    expect(comparePlainly([known], [worse])).toEqual({
      ...nothing,
      severity_raised: [known.key],
      fix_available: [known.key],
    });
    expect(comparePlainly([worse], [known])).toEqual(nothing);
  });
});

it('keeps the findings of each reference of a scanned image, and nothing of one that failed', () => {
  const scanned = {
    id: null,
    containers: null,
    outcome: { status: 'complete', coverage: 'full', matched: true },
  } as const;
  const failed = { status: 'failed', reason: { code: 'timeout', message: 'not done within 900 s' } } as const;
  const images = [
    { ...scanned, references: ['a:1', 'a:2'], outcome: { ...scanned.outcome, findings: [known] } },
    { id: null, containers: null, references: ['b:1'], outcome: failed },
  ];
  expect(plainState({ images })).toEqual({ 'a:1': [known], 'a:2': [known] });
});
