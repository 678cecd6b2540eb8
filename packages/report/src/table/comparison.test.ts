import { expect, test } from 'vitest';

import type { CompareDocument } from '@scanner/core';
import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderComparison } from './comparison.ts';

const PLAIN = { width: 80, color: false, unicode: false };
const { started_at, finished_at, trivy, filter } = aHostScan();
const gone = aFinding({ vulnerability: 'CVE-2026-1', severity: 'CRITICAL' });
const stays = aFinding({ vulnerability: 'CVE-2026-2' });

const comparison = (given: Partial<CompareDocument> = {}): CompareDocument => ({
  schema: 'gts.compare/1',
  started_at,
  finished_at,
  trivy,
  filter,
  a: anImageReport({ references: ['web:1'], findings: [gone, stays] }),
  b: anImageReport({ references: ['web:2'], findings: [stays] }),
  comparable: true,
  removed: [gone],
  added: [],
  kept: [stays],
  ...given,
});

test('says what is added, removed and kept', () => {
  expect(renderComparison(comparison(), PLAIN)).toBe(`web:1 -> web:2
web:1: 1 critical, 1 high
web:2: 1 high
Looked for: CRITICAL, HIGH. Trivy 0.74.0, database of 2026-11-21 06:12 UTC

Added: none

Removed: 1 critical
  SEVERITY  PACKAGE  INSTALLED  FIXED IN  VULNERABILITY
  CRITICAL  openssl  3.0.1-1    3.0.2-1   CVE-2026-1

Kept: 1 high
  SEVERITY  PACKAGE  INSTALLED  FIXED IN  VULNERABILITY
  HIGH      openssl  3.0.1-1    3.0.2-1   CVE-2026-2
`);
});

test('says nothing of changes when one side could not be judged, but why', () => {
  const b = anImageReport({
    references: ['web:2'],
    status: 'failed',
    coverage: null,
    reason: { code: 'timeout', message: 'not done within 900 s' },
  });
  const text = renderComparison(comparison({ b, comparable: false, removed: [], kept: [] }), PLAIN);

  expect(text).toContain('web:2: failed, timeout: not done within 900 s\n  give it more time with --timeout');
  expect(text).toMatch(/^Not compared: not judged in full: web:2 \(failed, timeout: not done within 900 s\)\n/);
  expect(text).not.toContain('Removed');
});

test.each([
  ['eol', 'end of life: no advisories any more'],
  ['unsupported', 'not supported: nothing could be judged'],
  ['partial', 'partial: no jars'],
] as const)('says first of all that a side is %s', (coverage, why) => {
  const side = anImageReport({
    references: ['old:1'],
    coverage,
    reason: coverage === 'partial' ? { code: 'java_db_missing', message: 'no jars' } : null,
  });
  const nothing = { comparable: false, removed: [], added: [], kept: [] };

  for (const sides of [{ a: side }, { b: side }]) {
    const text = renderComparison(comparison({ ...sides, ...nothing }), { ...PLAIN, width: 120 });
    expect(text).toMatch(/^Not compared: not judged in full: old:1 /);
    expect(text.split('\n', 1)[0]).toContain(`(${why})`);
    expect(text).not.toMatch(/nothing found|Removed|Added|Kept/);
  }
});

test('lists a bounded number and counts the rest', () => {
  const added = Array.from({ length: 50 }, (_, index) => aFinding({ vulnerability: `CVE-2026-${index}` }));

  expect(renderComparison(comparison({ added }), PLAIN)).toContain('... and 30 more; --json lists all');
});
