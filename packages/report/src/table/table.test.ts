import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { widthOf } from '../text/width.ts';
import { renderTable } from './table.ts';

const PLAIN = { width: 80, color: false, unicode: true };

const many = Array.from({ length: 14 }, (_, index) =>
  aFinding({
    vulnerability: `CVE-2026-${1000 + index}`,
    severity: index === 13 ? 'CRITICAL' : 'HIGH',
    fixed: index % 2 === 0 ? '3.0.2-1' : null,
    path: index === 3 ? 'srv/app/node_modules/a-rather-long-name/package.json' : null,
    title: 'a flaw that lets others in',
  }),
);

const pass = aHostScan([
  anImageReport({ references: ['clean:1'] }),
  anImageReport({ references: ['old:1'], coverage: 'eol' }),
  anImageReport({
    references: ['secret:1'],
    status: 'failed',
    coverage: null,
    reason: { code: 'unauthorized', message: 'the registry wants a login' },
  }),
  anImageReport({
    references: ['none:1'],
    status: 'skipped',
    coverage: null,
    reason: { code: 'ignored', message: 'on the ignore list' },
  }),
  anImageReport({
    references: ['web:1', 'web:latest'],
    containers: [
      { name: 'front', state: 'running', compose_project: 'shop' },
      { name: 'before', state: 'exited', compose_project: null },
    ],
    findings: many,
    log: 'scan-x.log',
  }),
]);

test('reads from the totals over the worst image to what is to be done', () => {
  expect(renderTable(pass, { ...PLAIN, findingsPerImage: 3 })).toBe(
    `5 images: 3 scanned, 0 unchanged, 1 failed, 1 skipped
Findings: 1 critical, 13 high; 7 of 14 have a fix
Looked for: CRITICAL, HIGH. Trivy 0.74.0, database of 2026-11-21 06:12 UTC

web:1  1 CRITICAL  13 HIGH
    also web:latest
    running: front (shop); not running: before exited
    SEVERITY  PACKAGE  INSTALLED  FIXED IN    VULNERABILITY
    CRITICAL  openssl  3.0.1-1    no fix yet  CVE-2026-1013
    HIGH      openssl  3.0.1-1    3.0.2-1     CVE-2026-1000
    HIGH      openssl  3.0.1-1    3.0.2-1     CVE-2026-1002
    … and 11 more, in the log scan-x.log

old:1  end of life: no advisories any more
    no container uses it

Nothing of CRITICAL, HIGH found in 1 image:
    clean:1

Skipped as ignored: none:1

Failed, so nothing is known of 1 image:
  secret:1
    unauthorized: the registry wants a login
    → log in to its registry with \`docker login\`, then scan again
`,
  );
});

test.each([40, 80, 120, 200])('keeps within %i columns', (width) => {
  const lines = renderTable(pass, { ...PLAIN, width, findingsPerImage: 20 }).split('\n');

  expect(lines.filter((line) => line.startsWith('    ') && widthOf(line) > Math.max(width, 70))).toEqual([]);
});

test('shows titles where there is room for them', () => {
  expect(renderTable(pass, PLAIN)).not.toContain('a flaw that lets others in');
  expect(renderTable(pass, { ...PLAIN, width: 200 })).toContain('a flaw that lets others in');
});

test('cuts nothing where the width has no end', () => {
  const table = renderTable(pass, { ...PLAIN, width: Infinity, findingsPerImage: 20 });

  expect(table).toContain('openssl in srv/app/node_modules/a-rather-long-name/package.json');
  expect(table).toContain('Findings: ');
});

test('colours only when asked to, and says the same with and without', () => {
  const colored = renderTable(pass, { ...PLAIN, color: true });

  expect(colored).not.toBe(renderTable(pass, PLAIN));
  expect(stripVTControlCharacters(colored)).toBe(renderTable(pass, PLAIN));
});

test('uses ASCII for its own signs when asked to', () => {
  expect(renderTable(pass, { ...PLAIN, unicode: false, findingsPerImage: 1 })).toMatch(/^[\n -~]*$/);
});

test('never calls an image clean that was not fully judged, or judged by an old database', () => {
  const table = renderTable(
    aHostScan(
      [
        anImageReport({ references: ['scratch:1'], coverage: 'unsupported' }),
        anImageReport({
          references: ['java:1'],
          coverage: 'partial',
          reason: { code: 'java_db_missing', message: 'no JARs' },
        }),
        anImageReport({ references: ['clean:1'] }),
      ],
      { trivy: { version: '0.74.0', db_updated_at: '2026-01-01T00:00:00Z', db_stale: true } },
    ),
    PLAIN,
  );

  expect(table).toContain('scratch:1  not supported: nothing could be judged');
  expect(table).toContain('java:1  partial: no JARs');
  expect(table).toContain('! The vulnerability database is too old (of 2026-01-01 00:00 UTC)');
  expect(table).toContain('found in 1 image as far as the old database knows');
});

test('says first of all that it is a demonstration', () => {
  expect(renderTable(aHostScan([], { demonstration: true }), PLAIN)).toMatch(
    /^! Demonstration: .*not those of this host/,
  );
});

test('names some of very many skipped images and counts the rest', () => {
  const skipped = Array.from({ length: 300 }, (_, index) =>
    anImageReport({
      references: [`sha256:${index}`],
      status: 'skipped',
      coverage: null,
      reason: { code: 'untagged', message: 'no tag' },
    }),
  );

  expect(renderTable(aHostScan(skipped), PLAIN)).toContain('… and 280 more');
});

test('marks and counts what is new and what is accepted, new ones first', () => {
  const [accepted, open, fresh] = many.slice(0, 3);
  const images = [
    anImageReport({
      references: ['web:1'],
      findings: [
        { ...accepted!, key: 'a', accepted: true },
        { ...open!, key: 'b', accepted: false },
        { ...fresh!, key: 'c', accepted: false },
      ],
      baselines: [
        {
          reference: 'web:1',
          state: 'accepted',
          changes: { new: ['c'], resolved: [], severity_raised: [], fix_available: [] },
        },
      ],
    }),
  ];
  const scan = aHostScan(images);
  const shown = renderTable({ ...scan, totals: { ...scan.totals, new: 1, not_accepted: 2 } }, PLAIN);
  expect(shown).toContain('Findings: 3 high; 2 of 3 have a fix; 1 new, 2 not accepted');
  expect(shown).toContain('    1 new, 2 not accepted\n');
  expect(shown.match(/^ +(?:new|open|accepted) .*$/gm)?.map((row) => row.trim().split(/ +/, 1)[0])).toEqual([
    'new',
    'open',
    'accepted',
  ]);
});
