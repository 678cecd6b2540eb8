import { describe, expect, it } from 'vitest';

import { aFinding } from '../testing/builders.ts';
import { compareFindings, findingKey } from './finding.ts';

describe('findingKey', () => {
  it.each([
    ['pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12.5', 'CVE-1|pkg:deb/debian/openssl|'],
    ['pkg:npm/%40babel/core@7.0.0', 'CVE-1|pkg:npm/%40babel/core|'],
    ['pkg:npm/@babel/core@7.0.0', 'CVE-1|pkg:npm/@babel/core|'],
    ['pkg:npm/@babel/core', 'CVE-1|pkg:npm/@babel/core|'],
    ['pkg:golang/github.com/a/b@v1.2.3#sub', 'CVE-1|pkg:golang/github.com/a/b|'],
  ])('drops version and qualifiers of %s', (purl, key) => {
    expect(findingKey({ vulnerability: 'CVE-1', package: { purl }, path: null })).toBe(key);
  });

  it('tells the same language package at two paths apart', () => {
    const at = (path: string): string => findingKey({ vulnerability: 'CVE-1', package: { purl: 'pkg:npm/x@1' }, path });
    expect(at('a/package.json')).not.toBe(at('b/package.json'));
  });

  it('names a package without a purl by its kind of result and its name', () => {
    expect(findingKey({ vulnerability: 'CVE-1', package: { resultType: 'photon', name: 'curl' }, path: null })).toBe(
      'CVE-1|photon/curl|',
    );
  });

  it('cannot be forged by a separator in a name or path', () => {
    const forged = findingKey({ vulnerability: 'CVE-1|pkg:npm/a', package: { purl: 'pkg:npm/b' }, path: null });
    const honest = findingKey({ vulnerability: 'CVE-1', package: { purl: 'pkg:npm/a|pkg:npm/b' }, path: null });
    expect(forged.split('|')).toHaveLength(3);
    expect(forged).not.toBe(honest);
  });
});

describe('compareFindings', () => {
  it('puts the worst first and, among equals, what can be mended', () => {
    const sorted = [
      aFinding({ vulnerability: 'CVE-3', severity: 'LOW' }),
      aFinding({ vulnerability: 'CVE-2', severity: 'CRITICAL', fixed: null }),
      aFinding({ vulnerability: 'CVE-1', severity: 'CRITICAL' }),
    ].toSorted(compareFindings);
    expect(sorted.map(({ vulnerability }) => vulnerability)).toEqual(['CVE-1', 'CVE-2', 'CVE-3']);
  });
});
