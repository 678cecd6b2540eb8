import { describe, expect, test } from 'vitest';

import { coverageOf } from './coverage.ts';
import type { SystemSeen } from './coverage.ts';
import type { Contents } from './layer-contents.ts';
import { SystemAdvisories } from './system-advisories.ts';

const advisories = new SystemAdvisories(new Set(['alpine 3.23', 'alpine 3.10']));

const alpine = (more: Partial<SystemSeen> = {}): SystemSeen => ({
  family: 'alpine',
  release: '3.23.2',
  extended: false,
  supplier: '',
  isSupported: true,
  hasFindings: false,
  isPastItsEnd: false,
  ...more,
});

const nobody = alpine({ family: '', release: '', isSupported: false });

const holding = (...what: readonly (keyof Contents)[]): Contents => ({
  system: what.includes('system'),
  databaseGone: what.includes('databaseGone'),
  applications: what.includes('applications'),
  unjudged: what.includes('unjudged'),
  repository: null,
});

const judged = (system: SystemSeen | null, contents: Contents): string => {
  const { coverage, reason } = coverageOf(system, contents, advisories);
  return reason === null ? coverage : `${coverage}, ${reason.code}`;
};

describe('the coverage of an image', () => {
  test.each([
    ['its system', alpine(), holding('system')],
    ['its system and its applications', alpine(), holding('system', 'applications')],
    ['a program without a system', nobody, holding('applications')],
    [
      "applications on ActiveState's system, which has no packages",
      alpine({ family: 'activestate' }),
      holding('applications'),
    ],
    ['applications, where the system was not asked for', null, holding('applications')],
    [
      'a release in which something was found all the same',
      alpine({ release: '4', hasFindings: true }),
      holding('system'),
    ],
  ])('is full where all could be judged: %s', (_, system, contents) => {
    expect(judged(system, contents)).toBe('full');
  });

  test.each([
    ['no packages', nobody, holding(), 'no_packages'],
    ['no packages and no name of its system', alpine({ family: 'none' }), holding(), 'no_packages'],
    ['a system without packages', alpine(), holding(), 'no_packages'],
    ['a package database that was deleted', alpine(), holding('databaseGone'), 'packages_deleted'],
    ['a deleted database of an unknown system', nobody, holding('databaseGone'), 'packages_deleted'],
    ['packages of an unknown system', alpine({ family: 'none' }), holding('system'), 'unknown_system'],
    [
      'a distribution that Trivy cannot judge',
      alpine({ family: 'fedora', isSupported: false }),
      holding('system'),
      'no_advisories',
    ],
    ['a release without advisories', alpine({ release: '3.99.0' }), holding('system'), 'no_advisories'],
    ['a distribution without advisories', alpine({ family: 'minimos' }), holding('system'), 'no_advisories'],
    ['Conda packages alone', nobody, holding('unjudged'), 'no_advisories'],
  ])('is none where there is nothing but %s, and partial beside applications', (_, system, contents, why) => {
    expect(judged(system, contents)).toBe(`unsupported, ${why}`);
    const beside = judged(system, { ...contents, applications: true });
    expect(beside).toBe(
      contents.system || contents.databaseGone || contents.unjudged || system.family === 'alpine'
        ? `partial, ${why}`
        : 'full',
    );
  });

  test('is partial where one package database of two is gone, or Conda packages are beside others', () => {
    expect(judged(alpine(), holding('system', 'databaseGone'))).toBe('partial, packages_deleted');
    expect(judged(alpine(), holding('system', 'unjudged'))).toBe('partial, no_advisories');
  });

  test('is eol after the end of support, with advisories or without', () => {
    expect(judged(alpine({ release: '3.10.9', isPastItsEnd: true }), holding('system'))).toBe('eol');
    expect(judged(alpine({ release: '3.9.6', isPastItsEnd: true }), holding('system', 'applications'))).toBe('eol');
  });

  test('names in its reason what has no advisories, safe to print', () => {
    const { reason } = coverageOf(
      alpine({ family: 'debian', release: 'forky/sid\u001B[2J' }),
      holding('system'),
      advisories,
    );
    expect(reason?.message).toBe('the database has no advisories for debian forky/sid [2J');
  });
});
