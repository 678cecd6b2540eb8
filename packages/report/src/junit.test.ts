import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderJunit } from './junit.ts';

test('has a failed case for each finding, and one that passed for an image without', () => {
  const xml = renderJunit(
    aHostScan([
      anImageReport({ references: ['web:1'], findings: [aFinding(), aFinding({ vulnerability: 'CVE-2026-9' })] }),
      anImageReport({ references: ['clean:1'] }),
    ]),
  );

  expect(xml).toContain('<testsuites name="gts" tests="3" failures="2" errors="0" skipped="0" time="0">');
  expect(xml).toContain('message="HIGH CVE-2026-9 in openssl 3.0.1-1" type="HIGH"');
  expect(xml).toContain('<testcase classname="clean:1" name="no findings" time="0"/>');
});

test('an image that failed is an error, and one that was not fully judged does not pass', () => {
  const xml = renderJunit(
    aHostScan([
      anImageReport({
        references: ['a:1'],
        status: 'failed',
        coverage: null,
        reason: { code: 'timeout', message: 'too slow' },
      }),
      anImageReport({ references: ['b:1'], coverage: 'eol' }),
    ]),
  );

  expect(xml).toContain('<error message="timeout: too slow" type="timeout"/>');
  expect(xml).toContain('<skipped message="end of life: no advisories any more"/>');
  expect(xml).not.toContain('no findings');
});
