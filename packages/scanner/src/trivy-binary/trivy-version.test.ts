import { describe, expect, it } from 'vitest';

import { compareForUse, judgeVersion, layerwiseTrust, PINNED_VERSION } from './trivy-version.ts';

const [MAJOR = 0, MINOR = 0] = PINNED_VERSION.split('.').map(Number);
const PATCHED = `${MAJOR}.${MINOR}.999`;
const NEWER = `${MAJOR}.${MINOR + 1}.0`;

describe('judgeVersion', () => {
  it.each(['0.69.4', 'v0.69.5', '0.69.6', '0.69.4+dev', '0.69.4-1', 'v0.69.6-rc.1+x', '0.69.5~bpo'])(
    'refuses the compromised release however it is written: %s',
    (version) => {
      expect(() => judgeVersion(version, '/usr/bin/trivy')).toThrow(
        expect.objectContaining({
          code: 'trivy_refused',
          message: expect.stringMatching(/\/usr\/bin\/trivy.*March 2026/v),
        }),
      );
    },
  );

  it.each(['0.57.0', '0.9.99', '0.0.1'])('refuses %s as too old', (version) => {
    expect(() => judgeVersion(version, 'here')).toThrow(/too old: at least 0\.57\.1/v);
  });

  it.each(['dev', '', '0.74', '00.74.0.1', 'v'])('refuses %j, which names no release', (version) => {
    expect(() => judgeVersion(version, 'here')).toThrow(expect.objectContaining({ code: 'trivy_refused' }));
  });

  it.each(['0.57.1', '0.69.3', '0.69.7', '0.69.40', '0.71.9'])('warns of the known advisories of %s', (version) => {
    expect(judgeVersion(version, 'here')).toEqual([expect.stringContaining('GHSA-mcj4-mphf-j9ff')]);
  });

  it.each(['0.72.0', '0.73.2', PINNED_VERSION, PATCHED])('has nothing to say of the tested %s', (version) => {
    expect(judgeVersion(version, 'here')).toEqual([]);
  });

  it.each([NEWER, '1000.0.0'])('has nothing to say of %s either: it is measured before it is relied on', (version) => {
    expect(judgeVersion(version, 'here')).toEqual([]);
  });
});

describe('layerwiseTrust', () => {
  it.each([
    ['0.57.1', 'none'],
    ['0.71.9', 'none'],
    ['dev', 'none'],
    ['0.72.0', 'tested'],
    [PINNED_VERSION, 'tested'],
    [PATCHED, 'tested'],
    [NEWER, 'to be measured'],
    ['1000.0.0', 'to be measured'],
  ])('of %s is: %s', (version, trust) => {
    expect(layerwiseTrust(version)).toBe(trust);
  });
});

describe('compareForUse', () => {
  it('puts the newest first, and what is no version last', () => {
    const versions = ['0.75.0', '0.72.0', 'dev', '0.74.1', '0.74.0', '1.0.0'];
    expect(versions.toSorted(compareForUse)).toEqual(['1.0.0', '0.75.0', '0.74.1', '0.74.0', '0.72.0', 'dev']);
  });
});
