import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';
import type { Coverage, HostScanDocument } from '@scanner/core';
import { expect, test } from 'vitest';

import { renderHtml } from './html/html.ts';
import { renderJunit } from './junit.ts';
import { renderImageLog } from './log/image-log.ts';
import { renderPassSummary } from './log/pass-summary.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTable } from './table/table.ts';

const judged = (coverage: Coverage) => anImageReport({ references: [`${coverage}:1`], coverage });
const failed = anImageReport({
  references: ['failed:1'],
  status: 'failed',
  coverage: null,
  reason: { code: 'timeout', message: 'too slow' },
});
const skipped = anImageReport({
  references: ['skipped:1'],
  status: 'skipped',
  coverage: null,
  reason: { code: 'ignored', message: 'on the list' },
});

const OLD = { trivy: { version: '0.74.0', db_updated_at: '2026-01-01T00:00:00Z', db_stale: true } };

const TEXTS: Readonly<Record<string, (document: HostScanDocument) => string>> = {
  table: (document) => renderTable(document, { width: 120, color: false, unicode: false }),
  html: (document) => renderHtml(document).replaceAll(/<[^>]*>/g, ''),
  markdown: (document) => renderMarkdown(document),
  log: (document) => renderPassSummary(document),
};

/** What stands behind `Findings:`, up to the end of the line or the next clause. */
const headlineOf = (text: string): string => /findings: ([^;\n]*)/i.exec(text)?.[1]?.trim() ?? '';

test.each([
  ['failed alone', [failed], {}, 'none in 0 images that could be judged'],
  ['unsupported alone', [judged('unsupported')], {}, 'none in 0 images that could be judged'],
  ['partial alone', [judged('partial')], {}, 'none in 0 images that could be judged'],
  ['past its end of life alone', [judged('eol')], {}, 'none in 0 images that could be judged'],
  ['skipped alone', [skipped], {}, 'none in 0 images that could be judged'],
  ['nothing', [], {}, 'none in 0 images that could be judged'],
  ['clean beside failed', [judged('full'), failed], {}, 'none in 1 image that could be judged'],
  [
    'clean beside unsupported',
    [judged('full'), judged('full'), judged('unsupported')],
    {},
    'none in 2 images that could be judged',
  ],
  ['clean beside skipped', [judged('full'), skipped], {}, 'none'],
  ['clean', [judged('full')], {}, 'none'],
  ['clean by an old database', [judged('full')], OLD, 'none, as far as the old database knows'],
  [
    'failed beside clean by an old database',
    [judged('full'), failed],
    OLD,
    'none in 1 image that could be judged, as far as the old database knows',
  ],
  ['found', [anImageReport({ findings: [aFinding()] }), failed], {}, '1 high'],
] as const)('the headline over what is %s is true in every format', (_, images, given, headline) => {
  const document = aHostScan(images, given);
  for (const [format, render] of Object.entries(TEXTS))
    expect([format, headlineOf(render(document))]).toEqual([format, headline]);
});

test('an old database makes nothing clean, in no format', () => {
  const document = aHostScan([judged('full')], OLD);
  expect(renderJunit(document)).toMatch(/<testsuites name="gts" tests="1" failures="0" errors="0" skipped="1"/);
  expect(renderJunit(document)).not.toContain('no findings');
  const log = renderImageLog(judged('full'), document);
  expect(log).toContain('Findings: nothing found that the old database knows');
  expect(log).toMatch(/Nothing found, as far as the old database knows\.\n$/);
});

test('what is known of why nothing could be judged is said with it', () => {
  const reason = { code: 'unknown', message: 'no advisories for debian forky/sid' } as const;
  const image = anImageReport({ references: ['sid:1'], coverage: 'unsupported', reason });
  for (const render of Object.values(TEXTS))
    expect(render(aHostScan([image])).replaceAll('\\', '')).toContain(
      'not supported: nothing could be judged (no advisories for debian forky/sid)',
    );
});
