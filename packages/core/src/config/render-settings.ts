import { COMPOSE_VARIABLES, type ComposeVariable } from './compose-variables.ts';
import type { SettingDescription } from './describe-settings.ts';
import { describeSettings } from './describe-settings.ts';
import { SETTING_GROUPS } from './setting.ts';

const INTRODUCTION = `# Settings

Made from \`packages/core/src/config/settings.ts\` by \`node --conditions=@scanner/source packages/core/tools/write-configuration-docs.ts\`.

A setting can be given in several places. The strongest one counts:

1. its flag on the command line;
2. the environment: \`NAME\`, or \`NAME_FILE\` with the path of a file that holds the value (both at once is an error);
3. a file \`NAME\` in \`<SCANNER_DIR>/secrets\`, in the container in \`/run/secrets\`; one line end after the value is dropped;
4. \`NAME=value\` or \`NAME_FILE=path\` in \`<SCANNER_DIR>/.env\`, as Docker Compose reads it: a \`#\` begins a comment after a blank only, values
   may stand in quotes, double ones with escapes such as \`\\n\`. Other than in Compose a \`$\` stands for itself;
5. the default.

An empty value counts as not set. A setting found in more than one place is a warning that names the one used. Invalid
values end the start with exit code 2 and one line for each. A name that starts like a setting (\`SCAN_\`, \`TRIVY_\`,
\`NOTIFY_\`, \`SMTP_\`) and is none is a warning: variables of Trivy's own have no effect.

A directory that neither \`--dir\` nor \`SCANNER_DIR\` names counts only because a \`./security\` stands where the command was
started. What lies in it runs nothing and leads nowhere else: a program (\`TRIVY_PATH\`), a \`NAME_FILE\`, an engine over ssh and
a path outside of it end the start with exit code 2, until somebody names the directory.`;

/** The text of `docs/configuration.md`. */
export const renderConfigurationMarkdown = (): string => {
  const settings = describeSettings();
  const parts = SETTING_GROUPS.map((group) =>
    [`## ${group}`, ...settings.filter((setting) => setting.group === group).map(markdownSection)].join('\n\n'),
  );
  return `${[INTRODUCTION, ...parts].join('\n\n')}\n`;
};

const markdownSection = (setting: SettingDescription): string =>
  [
    `### \`${setting.name}\``,
    `${setting.description}${setting.secret ? ' A secret: it is shown nowhere.' : ''}`,
    [
      ...(setting.flag === null ? [] : [`- Flag: \`${flagUse(setting)}\``]),
      `- Accepted: ${setting.accepted.replaceAll('*', '`*`')}`,
      `- Default: ${shownDefault(setting.default)}`,
      `- Example: \`${setting.name}=${setting.example}\``,
    ].join('\n'),
  ].join('\n\n');

const flagUse = ({ flag, placeholder }: SettingDescription): string =>
  placeholder === null ? `${flag}` : `${flag} <${placeholder}>`;

/** Defaults in words bring their own marks. */
const shownDefault = (text: string | null): string => {
  if (text === null) return 'none';
  return /[` ]/.test(text) ? text : `\`${text}\``;
};

/** They say where the `.env` file lies. */
const NOT_IN_ITS_FILE: ReadonlySet<string> = new Set(['SCANNER_DIR', 'HOST_DIR']);

/** The text of an `.env` file that sets nothing and shows how everything in it would be set. */
export const renderEnvExample = (): string =>
  `${[
    ENV_INTRODUCTION,
    '# --- The container ---',
    ...COMPOSE_VARIABLES.map(variableExample),
    ...SETTING_GROUPS.flatMap((group) => [
      `# --- ${group} ---`,
      ...describeSettings()
        .filter((setting) => setting.group === group && !NOT_IN_ITS_FILE.has(setting.name))
        .map(settingExample),
    ]),
  ].join('\n\n')}\n`;

const ENV_INTRODUCTION = `# Copy this to security/.env and take away the # of what you set. \`gts host\` reads it there; Compose by itself is told:
# docker compose -p image-scanner --env-file security/.env -f docker/compose.yaml up -d
# Passwords are better off in files: security/secrets/SMTP_PASS.`;

const variableExample = ({ name, description, default: fallback, example }: ComposeVariable): string =>
  [`# ${description}`, `# Default: ${fallback}.`, `#${name}=${example}`].join('\n');

const settingExample = ({ name, description, accepted, default: fallback, example }: SettingDescription): string =>
  [
    `# ${description}`.replaceAll('`', ''),
    `# Accepted: ${accepted}. Default: ${fallback ?? 'none'}.`.replaceAll('`', ''),
    `#${name}=${/[\s#]/.test(example) ? `"${example}"` : example}`,
  ].join('\n');
