import { describe, expect, test } from 'vitest';

import { contentsOf, isIntertwined, layerContents } from './layer-contents.ts';
import type { Contents } from './layer-contents.ts';

const system = (FilePath: string, Packages: unknown[] | null = [{ Name: 'musl' }]): object => ({
  PackageInfos: [{ FilePath, Packages }],
});
const application = (FilePath: string, Type = 'node-pkg', Packages: unknown[] = [{ Name: 'ms' }]): object => ({
  Applications: [{ FilePath, Type, Packages }],
});
const gone = (...WhiteoutFiles: string[]): object => ({ WhiteoutFiles });
const emptied = (...OpaqueDirs: string[]): object => ({ OpaqueDirs });

const DPKG = system('var/lib/dpkg/status');
const APK = system('lib/apk/db/installed');
const RPM = system('var/lib/rpm/Packages');

const inTheEnd = (...analyses: unknown[]): string[] => {
  const contents: Contents = contentsOf(analyses.map(layerContents));
  return Object.entries(contents).flatMap(([what, held]) => (held === true ? [what] : []));
};

describe('what an image holds in the end', () => {
  test('is what its layers hold together', () => {
    expect(inTheEnd({ OS: {} }, APK, application('a'))).toEqual(['system', 'applications']);
    expect(inTheEnd()).toEqual([]);
  });

  test.each([
    ['a file', DPKG, gone('var/lib/dpkg/status')],
    ['its directory', DPKG, gone('var/lib/dpkg')],
    ['a directory far above', DPKG, gone('var')],
    ['all in its directory', DPKG, emptied('var/lib/dpkg/')],
    ["Alpine's", APK, gone('lib/apk')],
    ["Alpine's, where the system lies below usr", system('usr/lib/apk/db/installed'), gone('usr/lib/apk')],
    ["RPM's", RPM, emptied('var/lib/rpm/')],
    ["RPM's newer", system('usr/lib/sysimage/rpm/rpmdb.sqlite'), gone('usr/lib/sysimage')],
    ["RPM's written list", system('var/lib/rpmmanifest/container-manifest-2'), gone('var/lib/rpmmanifest')],
    ['each of many', system('var/lib/dpkg/status.d/bash'), gone('var/lib/dpkg/status.d')],
    ['one that a later layer leaves empty', APK, system('lib/apk/db/installed', null)],
  ])('lacks a package database that was deleted: %s', (_, below, above) => {
    expect(inTheEnd(below, above)).toEqual(['databaseGone']);
    expect(inTheEnd(below, {}, above, application('a'), {})).toEqual(['databaseGone', 'applications']);
    expect(inTheEnd(below, above, below)).toEqual(['system']);
  });

  test.each([
    ['another file', gone('var/lib/dpkg/status-old')],
    ['a path that only begins the same', gone('var/lib/dpk')],
    ['what no layer below holds', gone('lib/apk', 'opt')],
    ['nothing by an empty name', gone('')],
    ['nothing, for Trivy, by an opaque root', emptied('')],
  ])('is the same where a later layer deletes %s', (_, above) => {
    expect(inTheEnd(DPKG, above)).toEqual(['system']);
  });

  test('has what a layer adds anew to what it deletes', () => {
    expect(inTheEnd(DPKG, { ...gone('var/lib/dpkg'), ...DPKG })).toEqual(['system']);
  });

  test('has a package database that was moved by the layer that deletes it, and lacks one that was replaced by another kind', () => {
    const newer = system('usr/lib/sysimage/rpm/rpmdb.sqlite');
    expect(inTheEnd(RPM, { ...newer, ...gone('var/lib/rpm') })).toEqual(['system']);
    const moves = [RPM, { ...newer, ...gone('var/lib/rpm') }, { ...RPM, ...gone('usr/lib/sysimage') }];
    expect(inTheEnd(...moves)).toEqual(['system']);
    expect(inTheEnd(...moves, gone('var/lib/rpm'))).toEqual(['databaseGone']);
    expect(inTheEnd(RPM, { ...APK, ...gone('var/lib/rpm') })).toEqual(['system', 'databaseGone']);
    expect(inTheEnd(RPM, gone('var/lib/rpm'), newer)).toEqual(['system', 'databaseGone']);
  });

  test('has a database with a file for each package as long as any is left', () => {
    const [bash, ssl] = ['var/lib/dpkg/status.d/bash', 'var/lib/dpkg/status.d/libssl3'] as const;
    const both = { PackageInfos: [bash, ssl].map((FilePath) => ({ FilePath, Packages: [{}] })) };
    expect(inTheEnd(both, gone(ssl))).toEqual(['system']);
    expect(inTheEnd(both, gone(ssl), gone(bash))).toEqual(['databaseGone']);
    expect(inTheEnd(both, gone(ssl, bash), system('var/lib/dpkg/status.d/zsh'))).toEqual(['system']);
  });

  test('lacks applications that were deleted, which are gone with their packages', () => {
    expect(inTheEnd(application('app/a'), gone('app'))).toEqual([]);
    expect(inTheEnd(DPKG, application('app/a'), application('app/b'), gone('app/a'))).toEqual([
      'system',
      'applications',
    ]);
    expect(inTheEnd(application('a'), application('a', 'node-pkg', []))).toEqual([]);
    expect(inTheEnd(application('a'), application('a', 'jar', []))).toEqual(['applications']);
  });

  test('has a list of packages that is no database of a package manager, or has not', () => {
    const sbom = system('opt/app/sbom.spdx.json');
    expect(inTheEnd(sbom)).toEqual(['system']);
    expect(inTheEnd(sbom, gone('opt'))).toEqual([]);
  });

  test('knows packages that nobody judges', () => {
    expect(inTheEnd(application('opt/conda/conda-meta/a.json', 'conda-pkg'))).toEqual(['unjudged']);
  });

  test('knows the release of its package repositories', () => {
    const layers = [{ Repository: { Family: 'alpine', Release: '3.20' } }, { Repository: { Release: 'edge' } }, {}];
    expect(contentsOf(layers.map(layerContents)).repository).toBe('edge');
  });

  test.each([
    ['empty lists', { PackageInfos: [{ Packages: null }], Applications: [{ Packages: [] }] }],
    ['nulls', { PackageInfos: null, Applications: null, OpaqueDirs: null, WhiteoutFiles: null, Repository: null }],
    ['other types', { PackageInfos: 7, Applications: [7], OpaqueDirs: 'a', WhiteoutFiles: [null], Repository: 'x' }],
    ['something else', 7],
    ['nothing', null],
  ])('is nothing where an analysis has %s', (_, analysis) => {
    expect(inTheEnd(analysis)).toEqual([]);
  });

  test('has what one field says though another makes no sense', () => {
    expect(inTheEnd({ ...APK, Applications: 'none', OpaqueDirs: [{}] })).toEqual(['system']);
  });
});

describe('a layer', () => {
  test.each([
    [false, 'adds packages only', { ...APK, ...application('a') }],
    [false, 'holds nothing', {}],
    [true, 'deletes anything', gone('a')],
    [true, 'empties a directory', emptied('a/')],
    [true, 'has a database without packages', system('lib/apk/db/installed', [])],
    [true, 'has packages that nobody judges', application('a', 'conda-pkg')],
  ])('is intertwined with others (%s) where it %s', (expected, _, analysis) => {
    expect(isIntertwined(layerContents(analysis))).toBe(expected);
  });
});
