import { describe, expect, test } from 'vitest';

import { findingsOf } from './report-findings.ts';
import { Report } from './report-schema.ts';

const vulnerability = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  VulnerabilityID: 'CVE-2024-1',
  PkgName: 'openssl',
  PkgIdentifier: { PURL: 'pkg:deb/debian/openssl@3.0.1?distro=debian-12.5' },
  InstalledVersion: '3.0.1',
  Severity: 'HIGH',
  ...given,
});

const osResult = (...vulnerabilities: unknown[]): Record<string, unknown> => ({
  Target: 'nginx (debian 12.5)',
  Class: 'os-pkgs',
  Type: 'debian',
  Vulnerabilities: vulnerabilities,
});

const found = (...results: unknown[]): ReturnType<typeof findingsOf> =>
  findingsOf(Report.parse({ SchemaVersion: 2, Results: results }));

describe('findingsOf', () => {
  test('tells everything of a finding', () => {
    const reported = vulnerability({
      FixedVersion: '3.0.2, 3.1.0',
      Status: 'fixed',
      Title: 'a title',
      PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2024-1',
    });
    expect(found(osResult(reported))).toEqual([
      {
        key: 'CVE-2024-1|pkg:deb/debian/openssl|',
        vulnerability: 'CVE-2024-1',
        package: 'openssl',
        path: null,
        installed: '3.0.1',
        fixed: '3.0.2, 3.1.0',
        severity: 'HIGH',
        status: 'fixed',
        title: 'a title',
        url: 'https://avd.aquasec.com/nvd/cve-2024-1',
      },
    ]);
  });

  test('tells by which other names the vulnerability goes, and passes over what is none', () => {
    const aliases = (ids: unknown): unknown => found(osResult(vulnerability({ VendorIDs: ids })))[0]?.aliases;
    expect(aliases(['GHSA-aaaa-bbbb-cccc', 'RHSA-2024:1', 'CVE-2024-1', 'GHSA-aaaa-bbbb-cccc'])).toEqual([
      'GHSA-aaaa-bbbb-cccc',
      'RHSA-2024:1',
    ]);
    expect(aliases(Array.from({ length: 500 }, (_, number) => `DSA-${number}`))).toHaveLength(32);
    for (const nothing of [undefined, null, [], [7, '', 'a|b', 'x'.repeat(999)], 'GHSA-1', { 0: 'GHSA-1' }])
      expect(aliases(nothing)).toBeUndefined();
  });

  test('takes null, empty and absent for the same nothing', () => {
    const bare = { VulnerabilityID: 'CVE-2024-1', PkgName: 'openssl' };
    const nothing = { fixed: null, status: null, title: null, url: null, severity: 'UNKNOWN', installed: '' };
    for (const empty of [undefined, null, '']) {
      const given = { FixedVersion: empty, Status: empty, Title: empty, PrimaryURL: empty, Severity: empty };
      expect(found(osResult({ ...bare, ...given, InstalledVersion: empty }))).toEqual([
        expect.objectContaining(nothing),
      ]);
    }
    expect(findingsOf(Report.parse({ SchemaVersion: 2, Results: null }))).toEqual([]);
    expect(findingsOf(Report.parse({ SchemaVersion: 2 }))).toEqual([]);
  });

  test('goes by kind and name where there is no package URL', () => {
    expect(found(osResult(vulnerability({ PkgIdentifier: {} })))[0]?.key).toBe('CVE-2024-1|debian/openssl|');
  });

  test.each([
    ['its own path', 'Node.js', 'app/node_modules/lodash/package.json', 'app/node_modules/lodash/package.json'],
    ['the file it was read from', 'app/package-lock.json', undefined, 'app/package-lock.json'],
    ['no path where only a label is given', 'Python', undefined, null],
  ])('gives a language package %s', (_, Target, PkgPath, path) => {
    const result = { Target, Class: 'lang-pkgs', Type: 'npm', Vulnerabilities: [vulnerability({ PkgPath })] };
    expect(found(result)[0]?.path).toBe(path);
  });

  test('tells the same finding once, and two installed versions twice', () => {
    const twice = found(
      osResult(vulnerability(), vulnerability(), vulnerability({ InstalledVersion: '3.0.0' })),
      osResult(vulnerability({ Severity: 'CRITICAL', FixedVersion: '3.0.2' })),
    );
    expect(twice.map(({ installed, severity }) => [installed, severity])).toEqual([
      ['3.0.1', 'CRITICAL'],
      ['3.0.0', 'HIGH'],
    ]);
  });

  test('puts the worst first', () => {
    const severities = found(
      osResult(
        ...['LOW', 'CRITICAL', 'weird', 'MEDIUM'].map((Severity) =>
          vulnerability({ Severity, PkgName: Severity, PkgIdentifier: null }),
        ),
      ),
    ).map(({ severity }) => severity);
    expect(severities).toEqual(['CRITICAL', 'MEDIUM', 'LOW', 'UNKNOWN']);
  });

  test.each(['javascript:alert(1)', 'file:///etc/passwd', 'no address', `https://x/${'a'.repeat(3000)}`])(
    'gives no link where it is %s',
    (PrimaryURL) => {
      expect(found(osResult(vulnerability({ PrimaryURL })))[0]?.url).toBeNull();
    },
  );

  test('keeps hostile text as it is, bounded and without what no storage takes', () => {
    const [finding] = found(
      osResult(vulnerability({ PkgName: '\u001B[2J<script>\0\uD800', Title: 'x'.repeat(10_000) })),
    );
    expect(finding?.package).toBe('\u001B[2J<script>\u{FFFD}\u{FFFD}');
    expect(finding?.title).toHaveLength(4096);
  });
});
