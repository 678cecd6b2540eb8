import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderHtml } from './html.ts';

const page = renderHtml(
  aHostScan(
    [
      anImageReport({ references: ['web:1', 'web:<latest>'], findings: [aFinding({ url: 'javascript:alert(1)' })] }),
      anImageReport({ references: ['old:1'], coverage: 'eol' }),
      anImageReport({
        references: ['a:1'],
        status: 'failed',
        coverage: null,
        reason: { code: 'corrupt', message: 'a bad layer' },
      }),
    ],
    { demonstration: true },
  ),
);

test('allows its own stylesheet by its hash and nothing else', () => {
  const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');

  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
  expect(page).not.toMatch(/<script|style=|https?:\/\/(?!avd)/);
});

test('says what the table says: that it is a demonstration, what was not judged, and what to do', () => {
  expect(page).toContain('Demonstration: ');
  expect(page).toContain('end of life: no advisories any more');
  expect(page).toContain('corrupt: a bad layer; pull or build it again, then scan again');
  expect(page).not.toContain('Nothing found');
});

test('shows a finding whose address is no web address without a link', () => {
  expect(page).not.toContain('<a ');
  expect(page).toContain('web:&lt;latest&gt;');
  expect(renderHtml(aHostScan([anImageReport({ findings: [aFinding()] })]))).toContain(
    '<a href="https://avd.aquasec.com/nvd/cve-2026-1000" rel="noopener noreferrer">CVE-2026-1000</a>',
  );
});
