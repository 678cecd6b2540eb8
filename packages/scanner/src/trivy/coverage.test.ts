import { describe, expect, test } from 'vitest';

import { contentsOf, coverageOf, layerContents, parseOrNull } from './coverage.ts';
import { Report } from './report-schema.ts';

const report = (OS?: unknown): Report => Report.parse({ SchemaVersion: 2, Metadata: { OS } });

const ALPINE = { Family: 'alpine', Name: '3.23.2' };
const BOTH = { osPackages: true, languagePackages: true };
const OS_ONLY = { osPackages: true, languagePackages: false };
const LANGUAGE_ONLY = { osPackages: false, languagePackages: true };
const NOTHING = { osPackages: false, languagePackages: false };

describe('coverageOf', () => {
  test('is full for an image whose packages could all be judged, with or without findings', () => {
    expect(coverageOf(report(ALPINE), '', OS_ONLY)).toBe('full');
    expect(coverageOf(report(ALPINE), '', BOTH)).toBe('full');
  });

  test('is full for a program without an operating system', () => {
    expect(coverageOf(report(), '', LANGUAGE_ONLY)).toBe('full');
  });

  test('is unsupported where there was nothing to judge by', () => {
    expect(coverageOf(report(), '', NOTHING)).toBe('unsupported');
    expect(coverageOf(report({ Family: 'none' }), '', NOTHING)).toBe('unsupported');
    expect(coverageOf(report(ALPINE), '', NOTHING)).toBe('unsupported');
    expect(coverageOf(report(ALPINE), '', LANGUAGE_ONLY)).toBe('unsupported');
  });

  test('is unsupported for a distribution without advisories', () => {
    const stderr = '2026-11-22T03:22:05Z\tWARN\tUnsupported os\tfamily="fedora"\n';
    expect(coverageOf(report({ Family: 'fedora', Name: '43' }), stderr, BOTH)).toBe('unsupported');
  });

  test('is eol after the end of support, by the report or by what Trivy says', () => {
    const stderr = 'Z\tWARN\tThis OS version is no longer supported by the distribution\tfamily="alpine"\n';
    expect(coverageOf(report({ ...ALPINE, EOSL: true }), '', OS_ONLY)).toBe('eol');
    expect(coverageOf(report(ALPINE), stderr, OS_ONLY)).toBe('eol');
  });
});

describe('contentsOf', () => {
  test('looks for packages in every layer', () => {
    expect(
      contentsOf(
        [
          { SchemaVersion: 2, OS: { Family: 'alpine' } },
          { PackageInfos: [{ FilePath: 'lib/apk/db/installed', Packages: [{ Name: 'musl' }] }] },
          { Applications: [{ Type: 'npm', Packages: [{ Name: 'lodash' }] }] },
        ].map(layerContents),
      ),
    ).toEqual(BOTH);
  });
});

describe('layerContents', () => {
  test.each([
    ['empty lists', '{"PackageInfos":[{"Packages":null}],"Applications":[{"Packages":[]}]}'],
    ['nulls', '{"PackageInfos":null}'],
    ['something else', '7'],
    ['junk', '{'],
  ])('takes %s for nothing', (_, text) => {
    expect(layerContents(parseOrNull(Buffer.from(text)))).toEqual(NOTHING);
  });
});
