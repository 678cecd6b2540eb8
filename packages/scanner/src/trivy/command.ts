import type { ScanSubject, Severity } from '@scanner/core';

import { isAtLeast } from '../trivy-binary/trivy-version.ts';

/** Where one Trivy process finds and leaves things. */
interface CommandPaths {
  /** In Trivy's own layout, with `db/` and `java-db/`. */
  readonly cacheDirectory: string;
  /** A directory without modules. */
  readonly moduleDirectory: string;
  readonly reportFile: string;
  /** Trivy's own settings file, or null for none at all. */
  readonly configFile: string | null;
}

export interface CommandOptions {
  readonly version: string;
  readonly subject: ScanSubject;
  readonly paths: CommandPaths;
  /** Already checked against the allow-list. */
  readonly extraArgs: readonly string[];
  /** Trivy's own limit, which ends less than it should: the deadline that holds is kept outside. */
  readonly timeoutSeconds: number;
  /** Every package in the report, as `convert` needs it. */
  readonly allPackages: boolean;
  /** One layer and one file at a time, for a machine short of memory. */
  readonly frugal: boolean;
  /** Leaves out Java archives, which need a database of their own. */
  readonly withoutJava: boolean;
}

/** Trivy tells them by their endings, in any case. */
const JAVA_ARCHIVES = ['**/*.[jJ][aA][rR]', '**/*.[wW][aA][rR]', '**/*.[eE][aA][rR]', '**/*.[pP][aA][rR]'];

/** Which arguments make a Trivy of that version scan that subject; the scan cache's address goes by the environment. */
export const scanArguments = (options: CommandOptions): string[] => {
  const { version, subject, paths, extraArgs } = options;
  return [
    'image',
    ...['--config', paths.configFile ?? '/dev/null', '--ignorefile', '/dev/null'],
    ...['--cache-dir', paths.cacheDirectory, '--module-dir', paths.moduleDirectory],
    ...['--skip-db-update', '--skip-java-db-update'],
    ...(isAtLeast(version, '0.63.0') ? ['--skip-version-check', '--disable-telemetry'] : []),
    ...['--no-progress', '--scanners', 'vuln', '--format', 'json', '--output', paths.reportFile],
    `--list-all-pkgs=${options.allPackages}`,
    ...['--timeout', `${Math.ceil(options.timeoutSeconds)}s`],
    ...(options.withoutJava ? JAVA_ARCHIVES.flatMap((pattern) => ['--skip-files', pattern]) : []),
    ...withoutOwnTimeout(extraArgs),
    ...(options.frugal ? ['--parallel', '1'] : []),
    ...(subject.platform === undefined ? [] : ['--platform', subject.platform]),
    ...subjectArguments(subject),
  ];
};

export interface ServerOptions {
  /** In Trivy's own layout, with `db/`. */
  readonly cacheDirectory: string;
  /** A directory without modules. */
  readonly moduleDirectory: string;
  /** `address:port` */
  readonly listen: string;
}

/** Which arguments make Trivy serve matches; its token and the scan cache's address go by the environment. */
export const serverArguments = ({ cacheDirectory, moduleDirectory, listen }: ServerOptions): string[] => [
  ...['server', '--config', '/dev/null', '--listen', listen],
  ...['--cache-dir', cacheDirectory, '--module-dir', moduleDirectory],
  ...['--skip-db-update', '--no-progress'],
];

export interface ConvertOptions {
  readonly format: string;
  readonly severities: readonly Severity[];
  readonly reportPath: string;
  readonly outputPath: string;
}

/** Which arguments turn a report with every package into another format. */
export const convertArguments = ({ format, severities, reportPath, outputPath }: ConvertOptions): string[] => [
  ...['convert', '--config', '/dev/null', '--ignorefile', '/dev/null'],
  ...['--format', format, '--severity', severities.join(','), '--output', outputPath, '--', reportPath],
];

const subjectArguments = (subject: ScanSubject): string[] => {
  switch (subject.source) {
    case 'docker':
      return ['--image-src', 'docker', '--', subject.id];
    case 'remote':
      return ['--image-src', 'remote', '--', subject.reference];
    case 'archive':
      return ['--input', subject.path];
  }
};

/** The deadline is ours: a `--timeout` among the extra arguments has been read by whoever set it. */
const withoutOwnTimeout = (args: readonly string[]): string[] =>
  args.filter((arg, index) => arg !== '--timeout' && !arg.startsWith('--timeout=') && args[index - 1] !== '--timeout');

/** Below this the database is opened for one process alone, and written to. */
export const sharesDatabase = (version: string): boolean => isAtLeast(version, '0.68.0');
