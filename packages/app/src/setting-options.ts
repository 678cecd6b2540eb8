import { describeSettings, SETTING_NAMES, type SettingName, SETTINGS } from '@scanner/core/config';
import { type Command, Option } from 'commander';

/** The settings of a host pass that have a flag, for whatever makes one. */
export const HOST_SETTINGS = [
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
  'HOST_NAME',
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
