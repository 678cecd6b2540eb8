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
        new Option('--baseline [reference]', 'leave out what its baseline accepts, or that of another reference'),
      )
      .addOption(new Option('--save-baseline', 'accept what is found, after it was printed'))
      .addOption(
        new Option('--input <path>', 'scan an archive or an OCI directory; may be repeated')
          .argParser(collected)
          .default([], 'none'),
      )
      .addOption(new Option('--format <format>', 'what is printed').choices(IMAGE_FORMATS))
      .addOption(new Option('-o, --output <file>', 'write to a file instead of stdout'))
      .addOption(new Option('--ignore-unfixed', 'leave out what nothing mends yet'))
      .addOption(
        new Option('--fail-on <severity>', 'end with exit code 1 when a finding is at least that severe').argParser(
          severity,
        ),
      ),
};

const withSources = (command: Command): Command =>
  command
    .addOption(
      new Option('--source <list>', 'where references are looked for, in this order')
        .argParser(sources)
        .default(['remote', 'docker'], 'remote,docker'),
    )
    .addOption(
      new Option('--platform <platform>', 'os/architecture[/variant] of a multi-platform image').argParser(platform),
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
