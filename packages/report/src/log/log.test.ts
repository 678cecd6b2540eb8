import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderImageLog } from './image-log.ts';
import { renderPassSummary } from './pass-summary.ts';

const image = anImageReport({
  id: 'sha256:1234',
  references: ['web:1', 'web:latest'],
  containers: [{ name: 'front', state: 'running', compose_project: null }],
  findings: [
    aFinding(),
    aFinding({ vulnerability: 'CVE-2026-9', severity: 'CRITICAL', fixed: null, status: 'will_not_fix', title: null }),
  ],
});

test('the log of an image holds everything that is known of it', () => {
  expect(renderImageLog(image, aHostScan())).toBe(`Image: web:1
Reference: web:1
Reference: web:latest
ID: sha256:1234
Source: docker
Containers: running: front
Pass: started 2026-11-22T01:02:03.456Z
Scanner: Trivy 0.74.0, database of 2026-11-21 06:12 UTC
Looked for: CRITICAL, HIGH
Status: complete, analysed in this pass
Coverage: full
Findings: 1 critical, 1 high

CRITICAL  CVE-2026-9  openssl
    installed: 3.0.1-1, fixed in: will not fix
    https://avd.aquasec.com/nvd/cve-2026-1000
HIGH  CVE-2026-1000  openssl
    installed: 3.0.1-1, fixed in: 3.0.2-1
    openssl: a flaw
    https://avd.aquasec.com/nvd/cve-2026-1000
`);
});

test('the log of an image that failed says why and what to do, and claims nothing', () => {
  const log = renderImageLog(
    anImageReport({ status: 'failed', coverage: null, reason: { code: 'timeout', message: 'not done within 900 s' } }),
    aHostScan(),
  );

  expect(log).toContain('Reason: timeout: not done within 900 s\nTo do: give it more time with --timeout');
  expect(log).toContain('Nothing is known of its vulnerabilities.');
  expect(log).not.toMatch(/nothing found/i);
});

test('the log of an image that was judged in part does not call it clean', () => {
  expect(renderImageLog(anImageReport({ coverage: 'eol' }), aHostScan())).toMatch(/that is not the same as clean\.\n$/);
});

test('the summary names what failed, was skipped, was not fully judged or unchanged, each on its line', () => {
  const summary = renderPassSummary(
    aHostScan([
      image,
      anImageReport({ references: ['same:1'], reused: 'result', log: 'scan-before.log' }),
      anImageReport({ references: ['old:1'], coverage: 'eol' }),
      anImageReport({
        references: ['b:1'],
        status: 'failed',
        coverage: null,
        reason: { code: 'corrupt', message: 'a bad layer' },
      }),
      anImageReport({
        references: ['c:1'],
        status: 'skipped',
        coverage: null,
        reason: { code: 'ignored', message: 'on the list' },
      }),
    ]),
    ['stopped before its end'],
  );

  expect(summary).toBe(`=== 2026-11-22T01:02:03.456Z to 2026-11-22T01:02:33.456Z
5 images: 2 scanned, 1 unchanged, 1 failed, 1 skipped
findings: 1 critical, 1 high; 0 new, 0 resolved
looked for: CRITICAL, HIGH; Trivy 0.74.0, database of 2026-11-21 06:12 UTC
failed: b:1: corrupt: a bad layer
skipped: c:1: ignored: on the list
not full: old:1: end of life: no advisories any more
unchanged: same:1: nothing found; scan-before.log
note: stopped before its end

`);
});
