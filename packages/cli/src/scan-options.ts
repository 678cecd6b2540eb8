import { collected, withSettings } from '@scanner/app';
import { SEVERITIES } from '@scanner/core';
import type { SettingName } from '@scanner/core/config';
import { type Command, InvalidArgumentError, Option } from 'commander';

const IMAGE_FORMATS = ['table', 'json', 'sarif', 'html', 'markdown', 'csv', 'cyclonedx', 'spdx', 'junit'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** What commander makes of the options of `gts image`. */
export interface ImageFlags {
  readonly input: readonly string[];
  readonly source: ReadonlyArray<'remote' | 'docker'>;
  readonly platform?: string;
  readonly format?: ImageFormat;
  readonly output?: string;
  readonly ignoreUnfixed?: boolean;
  readonly failOn?: (typeof SEVERITIES)[number];
  /** Of which reference; true: of each image's own. */
  readonly baseline?: string | true;
  readonly saveBaseline?: boolean;
}

const IMAGE_SETTINGS = [
  'TRIVY_SEVERITY',
  'TRIVY_EXTRA_ARGS',
  'SCAN_CONCURRENCY',
  'SCAN_TIMEOUT_SECONDS',
  'TRIVY_SKIP_DB_UPDATE',
  'DOCKER_HOST',
] as const satisfies readonly SettingName[];

type Defaults = Partial<Readonly<Record<SettingName, string>>>;

/** Who asks about one image wants all of it. */
const ALL_SEVERITIES: Defaults = { TRIVY_SEVERITY: 'all' };

/** The options of each command that scans, made from the settings' own descriptions where a setting stands behind them. */
export const scanOptions = {
  place: (command: Command): Command => withSettings(command, ['SCANNER_DIR', 'DOCKER_HOST']),
  compare: (command: Command): Command => withSources(withSettings(command, IMAGE_SETTINGS, ALL_SEVERITIES)),
  image: (command: Command): Command =>
    withSources(withSettings(command, [...IMAGE_SETTINGS, 'SCANNER_DIR'], ALL_SEVERITIES))
      .addOption(
        new Option(
          '--baseline [reference]',
          'omit the findings that the baseline of each image accepts, or the baseline of another reference; they do not count for --fail-on either',
        ),
      )
      .addOption(
        new Option(
          '--save-baseline',
          'after printing, save the findings as the baseline (the accepted findings) of each image',
        ),
      )
      .addOption(
        new Option('--input <path>', 'scan a Docker archive, an OCI archive or an OCI directory; may be repeated')
          .argParser(collected)
          .default([], 'none'),
      )
      .addOption(new Option('--format <format>', 'output format').choices(IMAGE_FORMATS))
      .addOption(new Option('-o, --output <file>', 'write to a file instead of stdout'))
      .addOption(
        new Option('--ignore-unfixed', 'omit findings without a fixed version, from the output and from --fail-on'),
      )
      .addOption(
        new Option(
          '--fail-on <severity>',
          'exit with code 1 if there is a finding of this severity or a higher one',
        ).argParser(severity),
      ),
};

const withSources = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--source <list>',
        'where to get images, tried in this order: remote (their registry), docker (the local engine)',
      )
        .argParser(sources)
        .default(['remote', 'docker'], 'remote,docker'),
    )
    .addOption(
      new Option('--platform <platform>', 'os/architecture[/variant] to scan of a multi-platform image').argParser(
        platform,
      ),
    );

const sources = (text: string): Array<'remote' | 'docker'> => {
  const listed = text.split(',').map((source) => source.trim());
  if (listed.every((source) => source === 'remote' || source === 'docker')) return [...new Set(listed)];
  throw new InvalidArgumentError('Accepted: remote, docker, or both with a comma between.');
};

export const platform = (text: string): string => {
  if (/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/i.test(text)) return text;
  throw new InvalidArgumentError('Accepted: os/architecture[/variant], such as linux/arm64.');
};

const severity = (text: string): (typeof SEVERITIES)[number] => {
  const named = SEVERITIES.find((known) => known === text.toUpperCase());
  if (named !== undefined) return named;
  throw new InvalidArgumentError(`Accepted: ${SEVERITIES.map((known) => known.toLowerCase()).join(', ')}.`);
};
