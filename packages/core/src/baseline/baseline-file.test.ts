import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyPackageKey } from '../comparison/known-finding.ts';
import { ownSeedFileNames, seedFileName } from '../model/seed-file-name.ts';
import { aFinding } from '../testing/builders.ts';
import { acceptScan } from './accept-scan.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';
import { readBaseline } from './read-baseline.ts';
import { baselineRevision, writeBaseline } from './write-baseline.ts';

const AT = '2026-11-22T00:00:00.000Z';
const line = (given: Partial<AcceptedFinding> = {}): AcceptedFinding => ({
  key: aFinding().key,
  package: 'openssl',
  severity: 'HIGH',
  fixed: '3.0.2-1',
  since: AT,
  expires: null,
  reason: null,
  ...given,
});

const aBaseline = (findings: readonly AcceptedFinding[] = [line()]): Baseline => ({
  schema: 'gts.baseline/1',
  reference: 'app:1',
  image_id: 'sha256:1',
  coverage: 'full',
  filter: { severities: ['CRITICAL', 'HIGH'], extra_args: [] },
  findings: [...findings],
});

const problemOf = (text: string): string => {
  const reading = readBaseline(text);
  return reading.status === 'unreadable' ? reading.problem : 'none';
};

describe('writing a baseline', () => {
  it('puts every finding on a line of its own, by key, and ends with a line break', () => {
    const other = line({ key: 'CVE-2025-1|pkg:deb/debian/zlib|', package: 'zlib', reason: 'not reachable' });
    expect(writeBaseline(aBaseline([line(), other]))).toBe(
      [
        '{',
        '  "schema": "gts.baseline/1",',
        '  "reference": "app:1",',
        '  "image_id": "sha256:1",',
        '  "coverage": "full",',
        '  "filter": {"severities":["CRITICAL","HIGH"],"extra_args":[]},',
        '  "findings": [',
        `    {"key":"CVE-2025-1|pkg:deb/debian/zlib|","package":"zlib","severity":"HIGH","fixed":"3.0.2-1","since":"${AT}","reason":"not reachable"},`,
        `    {"key":"CVE-2026-1000|pkg:deb/debian/openssl|","package":"openssl","severity":"HIGH","fixed":"3.0.2-1","since":"${AT}"}`,
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('is read again as it was, whatever stands in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ id: fc.stringMatching(/^[A-Z0-9-]{1,20}$/), package: text, reason: fc.option(text) }),
          { selector: ({ id }) => id, maxLength: 10 },
        ),
        (parts) => {
          const findings = parts
            .map((part) => line({ key: `${part.id}|deb/x|`, package: part.package, reason: part.reason }))
            .toSorted((a, b) => (a.key < b.key ? -1 : 1));
          const written = writeBaseline(aBaseline(findings));
          expect(readBaseline(written)).toEqual({ status: 'read', baseline: aBaseline(findings) });
          expect(written).toMatch(/^[\n\x20-\x7e]*$/);
        },
      ),
    );
  });

  it('writes the same bytes whatever the order, and another revision for another acceptance', () => {
    const two = [line(), line({ key: 'CVE-2025-1|deb/zlib|' })];
    expect(writeBaseline(aBaseline(two))).toBe(writeBaseline(aBaseline(two.toReversed())));
    expect(baselineRevision(aBaseline(two))).not.toBe(baselineRevision(aBaseline([line()])));
  });
});

describe('reading a baseline', () => {
  it.each(['["CVE-2024-1","CVE-2024-1","GHSA-x"]', '{"vulnerabilities":["CVE-2024-1","GHSA-x"],"image":"app"}'])(
    'takes the IDs of %s as accepted in every package',
    (text) => {
      const reading = readBaseline(text);
      expect(reading.status === 'read' && reading.baseline.findings.map(({ key }) => key)).toEqual([
        anyPackageKey('CVE-2024-1'),
        anyPackageKey('GHSA-x'),
      ]);
    },
  );

  it('folds a line that stands twice', () => {
    const text = writeBaseline(aBaseline([line(), line()]));
    expect(readBaseline(text)).toEqual({ status: 'read', baseline: aBaseline([line()]) });
  });

  const written = writeBaseline(aBaseline());
  it.each([
    ['an empty file', '', 'is empty; a baseline that accepts nothing is []'],
    ['a cut file', written.slice(0, -20), 'is cut off: its end is missing'],
    ['a comma too many', '["CVE-2024-1",]', 'is not JSON: a comma, quote or bracket is wrong'],
    [
      'a field nested without end',
      `{"ticket":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      'is nested deeper than 128 levels',
    ],
    ['an ID that is none', '["; rm -rf /"]', /neither a baseline, a list/],
    ['a newer form', written.replace('baseline/1', 'baseline/2'), /says schema "gts.baseline\/2"; this version reads/],
    ['a wrong severity', written.replace('"HIGH","fixed"', '"URGENT","fixed"'), /^is wrong at finding 1, .*severity/],
    ['a misspelt field', written.replace('"since"', '"expire"'), /^is wrong at finding 1, .*expire/],
    ['a wrong date', written.replace(AT, 'next week'), /^is wrong at finding 1, .*since/],
    ['a key that is none', written.replace('CVE-2026-1000|pkg', 'CVE-2026-1000 pkg'), /is not "ID\|package\|path"/],
    ['a missing field', '{"schema":"gts.baseline/1","findings":[]}', /is wrong at "reference"/],
    ['another kind of value', '42', /neither a baseline/],
  ])('says of %s what is wrong', (_, text, problem) => {
    expect(problemOf(text)).toMatch(problem);
  });

  it('does not choose between two lines that disagree', () => {
    const text = writeBaseline(aBaseline([line(), line({ severity: 'LOW' })]));
    expect(problemOf(text)).toMatch(/accepts "CVE-2026-1000.*" twice, in different ways/);
  });

  it('ends for any text with a baseline or one line that names a problem', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.string().map((cut) => written.slice(0, cut.length)),
        ),
        (text) => {
          const reading = readBaseline(text);
          const lines = reading.status === 'unreadable' ? reading.problem.split('\n').length : 1;
          expect(lines).toBe(1);
        },
      ),
    );
  });
});

describe('accepting a scan', () => {
  const scan = {
    reference: 'app:1',
    imageId: 'sha256:1',
    coverage: 'full',
    databaseStale: false,
    filter: { severities: ['HIGH'], extra_args: [] },
  } as const;
  const filter = { severities: ['HIGH' as const], extra_args: [] };

  it('accepts what is listed and keeps what was said of a finding before', () => {
    const low = aFinding({ package: 'curl', severity: 'LOW' });
    const before = aBaseline([line({ since: '2026-01-01', reason: 'not reachable', expires: '2027-01-01' })]);
    const baseline = acceptScan({ ...scan, filter, findings: [aFinding(), low] }, { at: AT, before });
    expect(baseline.findings).toEqual([line({ since: '2026-01-01', reason: 'not reachable', expires: '2027-01-01' })]);
  });

  it('accepts anew what was accepted until now', () => {
    const before = aBaseline([line({ since: '2026-01-01', reason: 'for now', expires: '2026-02-01' })]);
    expect(acceptScan({ ...scan, filter, findings: [aFinding()] }, { at: AT, before }).findings).toEqual([line()]);
  });
});

describe('the names of earlier baselines', () => {
  it('replace what a file name may not hold', () => {
    expect(seedFileName('registry.example:5000/team/App@sha256:ab')).toBe('registry.example_5000_team_App_sha256_ab');
  });

  it('stand for a reference only where no other has the same', () => {
    expect(ownSeedFileNames(['app:1', 'team/x', 'team_x', 'App_1'])).toEqual(new Map());
    expect(ownSeedFileNames(['app:1', 'app:1', 'team/x'])).toEqual(
      new Map([
        ['app:1', 'app_1'],
        ['team/x', 'team_x'],
      ]),
    );
  });

  it('are one to one and stay in their directory, for any references', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 })), (references) => {
        const names = [...ownSeedFileNames(references).values()];
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._-]*$/);
      }),
    );
  });
});
