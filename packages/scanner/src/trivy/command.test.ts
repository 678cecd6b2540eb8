import type { ScanSubject } from '@scanner/core';
import { describe, expect, test } from 'vitest';

import { scanArguments, sharesDatabase } from './command.ts';
import type { CommandOptions } from './command.ts';

const options = (given: Partial<CommandOptions> = {}): CommandOptions => ({
  version: '0.74.0',
  subject: { source: 'docker', id: 'sha256:1' },
  paths: { cacheDirectory: '/s/cache', moduleDirectory: '/s/modules', reportFile: '/s/report.json', configFile: null },
  extraArgs: [],
  timeoutSeconds: 90.2,
  allPackages: false,
  frugal: false,
  withoutJava: false,
  ...given,
});

const after = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

describe('scanArguments', () => {
  test('keeps out every file a user may have left where it runs', () => {
    const args = scanArguments(options());
    expect(after(args, '--config')).toBe('/dev/null');
    expect(after(args, '--ignorefile')).toBe('/dev/null');
    expect(after(args, '--module-dir')).toBe('/s/modules');
  });

  test('never updates a database by itself', () => {
    expect(scanArguments(options())).toEqual(expect.arrayContaining(['--skip-db-update', '--skip-java-db-update']));
  });

  test.each<[ScanSubject, string[]]>([
    [{ source: 'docker', id: 'sha256:1' }, ['--image-src', 'docker', '--', 'sha256:1']],
    [{ source: 'remote', reference: 'nginx:1' }, ['--image-src', 'remote', '--', 'nginx:1']],
    [{ source: 'archive', path: '/a.tar' }, ['--input', '/a.tar']],
  ])('names the subject last, where it cannot be a flag: %o', (subject, end) => {
    expect(scanArguments(options({ subject })).slice(-end.length)).toEqual(end);
  });

  test('asks for the platform', () => {
    const subject: ScanSubject = { source: 'remote', reference: 'a', platform: 'linux/arm64' };
    expect(after(scanArguments(options({ subject })), '--platform')).toBe('linux/arm64');
  });

  test('tells only a Trivy that knows the flags not to call home', () => {
    expect(scanArguments(options({ version: '0.63.0' }))).toContain('--disable-telemetry');
    expect(scanArguments(options({ version: '0.62.1' }))).not.toContain('--disable-telemetry');
    expect(scanArguments(options({ version: '0.57.1' }))).not.toContain('--skip-version-check');
  });

  test('lists all packages only where the report is kept', () => {
    expect(scanArguments(options())).toContain('--list-all-pkgs=false');
    expect(scanArguments(options({ allPackages: true }))).toContain('--list-all-pkgs=true');
  });

  test('passes extra arguments on, but for the timeout, which is kept outside', () => {
    const args = scanArguments(options({ extraArgs: ['--ignore-unfixed', '--timeout', '5m', '--timeout=5m'] }));
    expect(args).toContain('--ignore-unfixed');
    expect(args.filter((arg) => arg.startsWith('--timeout'))).toEqual(['--timeout']);
    expect(after(args, '--timeout')).toBe('91s');
    expect(args).not.toContain('5m');
  });

  test('has the last word on how much runs at once when memory was short', () => {
    const args = scanArguments(options({ extraArgs: ['--parallel', '8'], frugal: true }));
    expect(args.slice(args.lastIndexOf('--parallel'))).toEqual(expect.arrayContaining(['--parallel', '1']));
    expect(args.lastIndexOf('1')).toBeGreaterThan(args.indexOf('8'));
  });

  test('leaves out Java archives by their endings, in any case', () => {
    const args = scanArguments(options({ withoutJava: true }));
    expect(args.filter((_, index) => args[index - 1] === '--skip-files')).toEqual([
      '**/*.[jJ][aA][rR]',
      '**/*.[wW][aA][rR]',
      '**/*.[eE][aA][rR]',
      '**/*.[pP][aA][rR]',
    ]);
  });
});

test('from 0.68 on a database serves several processes at once', () => {
  expect(['0.57.1', '0.67.2', '0.68.0', '0.74.0', '1.0.0'].map(sharesDatabase)).toEqual([
    false,
    false,
    true,
    true,
    true,
  ]);
});
