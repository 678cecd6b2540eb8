import { describe, expect, test } from 'vitest';

import { scanManner } from './match-options.ts';

describe('scanManner', () => {
  test('is the plain one without extra arguments', () => {
    expect(scanManner([])).toEqual({
      analysis: 'plain',
      match: { packageTypes: ['os', 'library'], severitySources: [], ignoredStatuses: new Set() },
    });
  });

  test.each([['--skip-dirs=/a'], ['--skip-files=/b'], ['--file-patterns=pip:x'], ['--pkg-types=os']])(
    'keeps analyses made with %s apart',
    (argument) => {
      expect(scanManner([argument]).analysis).not.toBe('plain');
      expect(scanManner([argument]).match).not.toBeNull();
    },
  );

  test('keeps analyses without Java archives apart', () => {
    expect(scanManner([], true).analysis).not.toBe('plain');
  });

  test.each([['--ignore-unfixed'], ['--vuln-severity-source=nvd'], ['--parallel=2'], ['--ignore-status=fixed']])(
    'takes analyses made without %s',
    (argument) => {
      expect(scanManner([argument]).analysis).toBe('plain');
    },
  );

  test.each([
    ['--distro=debian/12'],
    ['--max-image-size=2GB'],
    ['--pkg-relationships=direct'],
    ['--new-flag'],
    ['/value'],
  ])('leaves %s to a process of its own', (argument) => {
    expect(scanManner([argument]).match).toBeNull();
  });

  test('reads what only matching has to know', () => {
    const { match } = scanManner(['--pkg-types=library', '--vuln-severity-source=nvd,auto', '--ignore-unfixed']);
    expect(match).toMatchObject({ packageTypes: ['library'], severitySources: ['nvd', 'auto'] });
    expect(match?.ignoredStatuses.has('affected')).toBe(true);
    expect(match?.ignoredStatuses.has('fixed')).toBe(false);
  });

  test('lets statuses that are named beat the short way, as Trivy does', () => {
    const { match } = scanManner(['--ignore-unfixed', '--ignore-status=will_not_fix']);
    expect(match?.ignoredStatuses).toEqual(new Set(['will_not_fix']));
  });
});
