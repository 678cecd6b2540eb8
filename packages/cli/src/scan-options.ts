import { SEVERITIES } from '@scanner/core';
import { describeSettings, SETTING_NAMES, type SettingName, SETTINGS } from '@scanner/core/config';
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
  readonly baseline?: boolean;
}

const HOST_SETTINGS = [
  'TRIVY_SEVERITY',
  'SCAN_IMAGES',
  'SCAN_UNTAGGED',
  'TRIVY_EXTRA_ARGS',
  'SCAN_CONCURRENCY',
  'SCAN_TIMEOUT_SECONDS',
  'TRIVY_SKIP_DB_UPDATE',
  'SCANNER_DIR',
  'DOCKER_HOST',
  'SNAPSHOT_WRITE',
  'SMTP_HOST',
  'SMTP_PORT',
  'SMTP_USER',
  'SMTP_PASS',
  'SMTP_FROM',
  'SMTP_TO',
  'SMTP_TLS',
  'SMTP_STARTTLS',
  'SMTP_SUBJECT_PREFIX',
] as const satisfies readonly SettingName[];

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
  host: (command: Command): Command => withSettings(command, HOST_SETTINGS),
  place: (command: Command): Command => withSettings(command, ['SCANNER_DIR', 'DOCKER_HOST']),
  compare: (command: Command): Command => withSources(withSettings(command, IMAGE_SETTINGS, ALL_SEVERITIES)),
  image: (command: Command): Command =>
    withSources(withSettings(command, [...IMAGE_SETTINGS, 'SCANNER_DIR'], ALL_SEVERITIES))
      .addOption(new Option('--baseline', 'leave out what the baseline of the reference accepts'))
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

/** Gives a command the flags of settings, described as the settings are; `defaults` are those of this command alone. */
export const withSettings = (
  command: Command,
  names: readonly SettingName[],
  defaults: Partial<Record<SettingName, string>> = {},
): Command => {
  for (const name of names) command.addOption(settingOption(name, defaults[name]));
  return command;
};

const REPEATABLE: ReadonlySet<SettingName> = new Set(['SCAN_IMAGES', 'REGISTRY_MIRRORS']);

const settingOption = (name: SettingName, ownDefault: string | undefined): Option => {
  const described = describeSettings().find((setting) => setting.name === name);
  if (described === undefined || described.flag === null) throw new TypeError(`${name} has no flag`);
  const { flag, placeholder, description } = described;
  const byDefault = ownDefault ?? described.default;
  const option = new Option(
    placeholder === null ? flag : `${flag} <${placeholder}>`,
    `${description}${byDefault === null ? '' : ` Default: ${byDefault}.`} [${name}]`.replaceAll('`', ''),
  );
  return REPEATABLE.has(name) ? option.argParser(collected) : option;
};

/** The values given by flags, by the name of their setting. */
export const settingFlags = (
  flags: Readonly<Record<string, unknown>>,
): Record<string, string | boolean | readonly string[]> => {
  const given: Record<string, string | boolean | readonly string[]> = {};
  for (const name of SETTING_NAMES) {
    const { flag } = SETTINGS[name];
    const value = flag === null ? undefined : flags[new Option(flag).attributeName()];
    if (typeof value === 'string' || typeof value === 'boolean') given[name] = value;
    else if (Array.isArray(value)) given[name] = value.map(String);
  }
  return given;
};

export const collected = (value: string, before: readonly string[] | undefined): string[] => [...(before ?? []), value];

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
