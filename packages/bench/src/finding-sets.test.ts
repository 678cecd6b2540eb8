import { describe, expect, it } from 'vitest';

import { differences, findingSet, ofSeverities, plainFindings } from './finding-sets.ts';

const report = (vulnerabilities: object[]): string =>
  JSON.stringify({ Results: [{ Vulnerabilities: vulnerabilities }] });
const lodash = { VulnerabilityID: 'CVE-1', PkgName: 'lodash', InstalledVersion: '4.17.11', Severity: 'HIGH' };

describe('plainFindings', () => {
  it('tells a package apart that lies in two places', () => {
    const twice = report([
      { ...lodash, PkgPath: 'a' },
      { ...lodash, PkgPath: 'b', FixedVersion: '4.17.12' },
      { ...lodash, PkgPath: 'a' },
    ]);
    expect([...plainFindings(twice)]).toEqual([
      'HIGH CVE-1 in "lodash" "4.17.11" at "a"',
      'HIGH CVE-1 in "lodash" "4.17.11" at "b", fixed in "4.17.12"',
    ]);
  });

  it('writes what gts found in the same words', () => {
    const ours = {
      vulnerability: 'CVE-1',
      package: 'lodash',
      path: null,
      installed: '4.17.11',
      fixed: null,
      severity: 'HIGH',
    };
    expect(findingSet([ours])).toEqual(plainFindings(report([lodash])));
  });

  it.each(['{}', '{"Results":null}', '{"Results":[{}]}'])('finds nothing in %s', (text) => {
    expect(plainFindings(text).size).toBe(0);
  });

  it('takes nothing for a report that is none', () => {
    expect(() => plainFindings('{"Results":"many"}')).toThrow('Results');
  });
});

it('leaves out what is of other severities', () => {
  const found = plainFindings(report([lodash, { ...lodash, VulnerabilityID: 'CVE-2', Severity: 'LOW' }]));
  const listed = ofSeverities(new Map([['a:1', found]]), ['HIGH', 'CRITICAL']);
  expect(listed).toEqual(new Map([['a:1', plainFindings(report([lodash]))]]));
});

describe('differences', () => {
  const expected = new Map([
    ['a:1', new Set(['one', 'two'])],
    ['b:1', new Set<string>()],
  ]);

  it('are none between equal sets', () => {
    expect(differences(expected, new Map(expected))).toEqual([]);
  });

  it('name what is missing and what is too much', () => {
    const actual = new Map([
      ['a:1', new Set(['two', 'three'])],
      ['c:1', new Set<string>()],
    ]);
    expect(differences(expected, actual)).toEqual([
      'a:1 lacks one',
      'a:1 has three in addition',
      'b:1 was not scanned',
      'c:1 should not be there',
    ]);
  });
});
