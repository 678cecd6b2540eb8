import { describe, expect, it } from 'vitest';

import type { Finding } from '../model/finding.ts';
import { aFinding } from '../testing/builders.ts';
import { acceptancesOf, isHeldBy } from './acceptances.ts';
import type { AcceptanceRule } from './rules.ts';

const NOW = '2026-11-22T00:00:00.000Z';
const ID = 'CVE-2026-1';

const inPackage = (purl: string, given: Partial<Finding> = {}): Finding => {
  const path = given.path ?? null;
  return aFinding({
    vulnerability: ID,
    key: `${ID}|${purl}|${path ?? ''}`,
    package: purl.slice(purl.lastIndexOf('/') + 1),
    installed: '1.2.3',
    fixed: null,
    ...given,
  });
};

const accepts = (rule: Partial<AcceptanceRule>, finding: Finding, reference = 'app:1'): boolean => {
  const terms = acceptancesOf(reference, null, [{ vulnerability: ID, ...rule }]).of(finding, NOW);
  return terms !== undefined && isHeldBy(terms, finding, NOW);
};

describe('a rule for packages by purl', () => {
  const lodash = inPackage('pkg:npm/%40acme/lodash');

  it.each([
    ['pkg:npm/%40acme/lodash', true],
    ['pkg:npm/@acme/lodash', true],
    ['pkg:npm/*', true],
    ['pkg:npm/*/lod*', true],
    ['pkg:npm/@acme/lodash@1.2.3', true],
    ['pkg:npm/@acme/lodash@1.*', true],
    ['pkg:npm/@acme/lodash@1.2.3?arch=amd64#sub', true],
    ['pkg:npm/@acme/lodash@2.*', false],
    ['pkg:npm/lodash', false],
    ['pkg:npm/@acme/lodas', false],
    ['pkg:pypi/*', false],
    ['pkg:npm/%', false],
    ['', false],
  ])('%j: %s', (purl, expected) => {
    expect(accepts({ purls: [purl] }, lodash)).toBe(expected);
  });

  it('takes a version with and without its epoch, and one of several patterns', () => {
    const zlib = inPackage('pkg:deb/debian/zlib', { installed: '1:1.2.13' });
    for (const version of ['1:1.2.13', '1%3A1.2.13', '1.2.13'])
      expect(accepts({ purls: ['pkg:apk/*', `pkg:deb/debian/zlib@${version}`] }, zlib)).toBe(true);
  });

  it('costs little whatever its pattern', () => {
    const long = inPackage(`pkg:npm/${'a'.repeat(1000)}`);
    expect(accepts({ purls: Array.from({ length: 200 }, () => `${'*a'.repeat(400)}b`) }, long)).toBe(false);
  });
});

describe('a rule for paths', () => {
  const jar = inPackage('pkg:maven/a/b', { path: 'opt/app/lib/b.jar' });

  it.each([
    ['opt/app/lib/b.jar', true],
    ['/opt/app/lib/b.jar', true],
    ['opt/**/*.jar', true],
    ['opt/app/lib/?.jar', true],
    ['**/b.jar', true],
    ['opt/*/b.jar', false],
    ['opt/app/lib', false],
    ['OPT/**', false],
  ])('%j: %s', (path, expected) => {
    expect(accepts({ paths: ['other', path] }, jar)).toBe(expected);
  });

  it('fits no package of the system, which has no path', () => {
    expect(accepts({ paths: ['**'] }, inPackage('pkg:deb/debian/zlib'))).toBe(false);
  });
});

describe('a rule', () => {
  const zlib = inPackage('pkg:deb/debian/zlib');

  it('holds for another ID of the vulnerability, and where everything that it names fits', () => {
    const renamed = { ...zlib, vulnerability: 'CVE-2026-9', key: 'CVE-2026-9|pkg:deb/debian/zlib|', aliases: [ID] };
    expect(accepts({}, renamed)).toBe(true);
    expect(accepts({ package: 'zlib', purls: ['pkg:deb/*'] }, zlib)).toBe(true);
    expect(accepts({ package: 'zlib', purls: ['pkg:apk/*'] }, zlib)).toBe(false);
    expect(accepts({ package: 'zlib1g' }, zlib)).toBe(false);
    expect(accepts({ image: 'app:1' }, zlib)).toBe(true);
    expect(accepts({ image: 'app:2' }, zlib)).toBe(false);
  });

  it.each([
    [{ expires: '2026-11-22' }, false],
    [{ expires: '2026-11-23' }, true],
    [{ expires: '2026-11-22T00:00:01+01:00' }, false],
    [{ until_fix: true }, true],
    [{ severity: 'MEDIUM' as const }, false],
    [{ severity: 'HIGH' as const }, true],
  ])('with %j: %s', (rule, expected) => {
    expect(accepts(rule, zlib)).toBe(expected);
  });

  it('until a fix ends with it', () => {
    expect(accepts({ until_fix: true }, { ...zlib, fixed: '2' })).toBe(false);
  });

  it('that holds counts before one that has ended', () => {
    const rules = [
      { vulnerability: ID, expires: '2020-01-01', reason: 'ended' },
      { vulnerability: ID, purls: ['pkg:deb/*'], reason: 'holds' },
    ];
    expect(acceptancesOf('app:1', null, rules).of(zlib, NOW)?.reason).toBe('holds');
  });
});
