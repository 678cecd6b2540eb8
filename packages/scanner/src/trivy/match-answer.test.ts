import { describe, expect, test } from 'vitest';

import { judgesSystem, MatchAnswer, reportOf } from './match-answer.ts';
import { scanManner } from './match-options.ts';
import type { MatchOptions } from './match-options.ts';

const optionsFor = (...extraArgs: string[]): MatchOptions => {
  const { match } = scanManner(extraArgs);
  if (match === null) throw new Error('a server can do it');
  return match;
};

const found = (more: object = {}): object => ({
  vulnerability_id: 'CVE-1',
  pkg_id: 'zlib@1',
  pkg_name: 'zlib',
  pkg_path: '',
  pkg_identifier: { purl: 'pkg:apk/alpine/zlib@1' },
  installed_version: '1',
  fixed_version: '2',
  status: 3,
  severity: 'HIGH',
  primary_url: 'https://example.com/1',
  title: 'zlib: a title',
  vendor_ids: ['GHSA-aaaa-bbbb-cccc'],
  ...more,
});

const answer = (vulnerabilities: readonly object[], more: object = {}): MatchAnswer =>
  MatchAnswer.parse({
    os: { family: 'alpine', name: '3.23', eosl: false },
    results: [{ target: 'image', class: 'os-pkgs', type: 'alpine', vulnerabilities, packages: [{ name: 'zlib' }] }],
    layers: [],
    ...more,
  });

const reported = (given: MatchAnswer, options = optionsFor()) =>
  (reportOf(given, options).Results ?? []).flatMap(({ Vulnerabilities }) => Vulnerabilities ?? []);

describe('reportOf', () => {
  test('says it in the words of a report', () => {
    expect(reported(answer([found()]))).toEqual([
      {
        VulnerabilityID: 'CVE-1',
        PkgName: 'zlib',
        PkgPath: '',
        PkgIdentifier: { PURL: 'pkg:apk/alpine/zlib@1' },
        InstalledVersion: '1',
        FixedVersion: '2',
        Status: 'fixed',
        Severity: 'HIGH',
        PrimaryURL: 'https://example.com/1',
        Title: 'zlib: a title',
        VendorIDs: ['GHSA-aaaa-bbbb-cccc'],
      },
    ]);
  });

  test('leaves a status out that is not known', () => {
    expect(reported(answer([found({ status: 0 })]))[0]?.Status).toBeNull();
  });

  test('keeps, of two for one, the greater text of what mends it', () => {
    const twice = answer([found({ fixed_version: '9' }), found({ fixed_version: '10' })]);
    expect(reported(twice).map(({ FixedVersion }) => FixedVersion)).toEqual(['9']);
  });

  test('keeps what lies in two places', () => {
    expect(reported(answer([found({ pkg_path: 'a' }), found({ pkg_path: 'b' })]))).toHaveLength(2);
  });

  test('leaves out the statuses that were to be ignored', () => {
    const two = answer([found(), found({ vulnerability_id: 'CVE-2', status: 2 })]);
    expect(reported(two, optionsFor('--ignore-unfixed')).map(({ VulnerabilityID }) => VulnerabilityID)).toEqual([
      'CVE-1',
    ]);
  });

  test('knows no system where none was found', () => {
    expect(reportOf(answer([], { os: { family: '' }, results: [] }), optionsFor()).Metadata).toEqual({});
  });
});

test('a system that Trivy does not support has no result', () => {
  expect(judgesSystem(answer([]))).toBe(true);
  expect(judgesSystem(answer([], { results: [] }))).toBe(false);
});
