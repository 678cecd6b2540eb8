import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseReport, readReport } from './read-report.ts';
import { findingsOf } from './report-findings.ts';

describe('parseReport', () => {
  test('accepts what 0.57 writes: empty objects, no identifiers, numbers where texts are now', () => {
    const old = {
      SchemaVersion: 2,
      CreatedAt: '2024-11-01T00:00:00Z',
      Metadata: {
        OS: { Family: 'alpine', Name: '3.19.1', EOSL: true },
        ImageConfig: { architecture: 'amd64', os: 'linux' },
      },
      Results: [
        {
          Target: 'a (alpine 3.19.1)',
          Class: 'os-pkgs',
          Type: 'alpine',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-1',
              PkgName: 'musl',
              PkgIdentifier: {},
              Layer: {},
              InstalledVersion: '1',
              Severity: 'LOW',
            },
          ],
        },
        { Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg', Vulnerabilities: null },
      ],
    };
    const read = parseReport(JSON.stringify(old));
    expect('report' in read && findingsOf(read.report).map(({ key }) => key)).toEqual(['CVE-1|alpine/musl|']);
  });

  test('accepts kinds and fields that do not exist yet', () => {
    const future = { SchemaVersion: 2, New: [1], Results: [{ Class: 'quantum', Type: 'qubit', Extra: {} }] };
    expect(parseReport(JSON.stringify(future))).toHaveProperty('report');
  });

  test.each(['', '{', '{"SchemaVersion":2,"Results":[{"Vulner', '[]', 'null', '{"SchemaVersion":3}', '{}'])(
    'calls half a report, or none, malformed: %s',
    (text) => {
      expect(parseReport(text)).toMatchObject({ problem: 'malformed' });
    },
  );

  test('calls a finding without a name malformed, rather than leave it out', () => {
    const nameless = { SchemaVersion: 2, Results: [{ Class: 'os-pkgs', Vulnerabilities: [{ Severity: 'HIGH' }] }] };
    expect(parseReport(JSON.stringify(nameless))).toMatchObject({ problem: 'malformed' });
  });

  test('never throws, whatever it is given', () => {
    const someReport = fc.record(
      { SchemaVersion: fc.constant(2), Metadata: fc.jsonValue(), Results: fc.array(fc.jsonValue()) },
      { requiredKeys: [] },
    );
    const anyText = fc.oneof(
      fc.string(),
      fc.json(),
      someReport.map((value) => JSON.stringify(value)),
    );
    const readAny = fc.property(anyText, (text) => {
      const read = parseReport(text);
      return ('report' in read ? findingsOf(read.report) : []).every(({ key }) => key !== '');
    });
    expect(() => fc.assert(readAny)).not.toThrow();
  });
});

test('a report that is not there is missing', () => {
  expect(readReport('/nowhere/report.json')).toMatchObject({ problem: 'missing' });
});
