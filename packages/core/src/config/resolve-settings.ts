import { COMPOSE_VARIABLES } from './compose-variables.ts';
import type { DefaultPlaces, SettingsBase } from './defaults.ts';
import { defaultDirectory, placesFor } from './defaults.ts';
import type { SettingProblem } from './problem.ts';
import { readValue } from './read-value.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import type { Occurrence } from './setting-search.ts';
import { SettingSearch } from './setting-search.ts';
import type { SettingDefinitions } from './setting.ts';
import { namesIn } from './setting.ts';
import type { Settings } from './settings.ts';
import { SETTINGS } from './settings.ts';
import type { CommandSources, SettingSource, SettingSources } from './sources.ts';
import { unknownNames } from './unknown-names.ts';
import { type Described, problemInUnnamed, strayInUnnamed } from './unnamed-directory.ts';

export interface SettingsInput extends SettingSources {
  readonly base: SettingsBase;
}

/** Every setting with a valid value, or all that is wrong. */
export type Resolution<Values> =
  | {
      readonly ok: true;
      readonly settings: Values;
      /** The place that each value came from. */
      readonly sources: Readonly<Record<keyof Values, SettingSource>>;
      /** The text that each value was read from; none where it is the default. Secrets too. */
      readonly texts: Readonly<Partial<Record<keyof Values, string>>>;
      /** Sentences for the reader, safe to print. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly SettingProblem[]; readonly warnings: readonly string[] };

/**
 * Finds every setting in its strongest place and validates it: flags; `NAME` or `NAME_FILE` in the environment; a
 * file `NAME` in the secrets directory; `.env`; the default. Empty counts as not set.
 *
 * @example
 * const command = { flags: { TRIVY_SEVERITY: 'critical' }, env: process.env, readFile };
 * const base = { layout: 'directory', cores: 4, memoryBytes: 8 * 1024 ** 3, cacheHome: '/home/me/.cache' };
 * const resolution = resolveSettings({ ...withDirectory(command, defaultPlacesOf(command, base)), base });
 * if (!resolution.ok) throw settingsError(resolution.problems);
 * resolution.settings.TRIVY_SEVERITY; // ['CRITICAL']
 */
export const resolveSettings = ({ base, ...sources }: SettingsInput): Resolution<Settings> =>
  resolveDefinitions(SETTINGS, sources, { base, places: defaultPlacesOf(sources, base), rules: RULES });

/** Where things lie while no setting but `SCANNER_DIR` says otherwise: known before any file is read. */
export const defaultPlacesOf = (command: CommandSources, base: SettingsBase): DefaultPlaces =>
  placesFor(scannerDirectory(command, base), base);

const scannerDirectory = (command: CommandSources, { layout }: SettingsBase): string =>
  namedDirectory(command) ?? defaultDirectory(layout);

/**
 * The directory that a flag or the environment names, null where none does. The `.env` file and the secrets lie in it, so
 * neither can name it.
 */
export const namedDirectory = (command: CommandSources): string | null =>
  new SettingSearch({ ...command, secretsDirectory: () => null, dotEnv: null }).find(
    'SCANNER_DIR',
    SETTINGS.SCANNER_DIR,
  )[0]?.text ?? null;

interface ResolvingContext<Values> {
  readonly base: SettingsBase;
  readonly places: DefaultPlaces;
  readonly rules: readonly Rule<Values>[];
}

/** As {@link resolveSettings}, for settings of any description. */
export const resolveDefinitions = <Values extends object>(
  definitions: SettingDefinitions<Values>,
  input: SettingSources,
  { base, places, rules }: ResolvingContext<Values>,
): Resolution<Values> => {
  const search = new SettingSearch(input);
  const names = namesIn(definitions);
  const settings: Partial<Values> = {};
  const sources: Partial<Record<keyof Values, SettingSource>> = {};
  const texts: Partial<Record<keyof Values, string>> = {};
  const problems: SettingProblem[] = [];
  const warnings: string[] = [];
  for (const name of names) {
    const setting = definitions[name];
    const [used, ...others] = search.find(name, setting);
    const read = readValue(setting, used?.text ?? null, { places, base });
    if (read.ok) settings[name] = read.value;
    else
      problems.push({ setting: name, ...(used && { place: used.place }), value: read.shown, accepted: read.accepted });
    if (used !== undefined && others.length > 0) warnings.push(setTwice(name, used, others));
    if (setting.early && name in search.dotEnv) warnings.push(`${name} in the .env file has no effect`);
    const refused = unnamedProblem(name, setting, used, settings[name], input);
    if (refused !== null) problems.push(refused);
    sources[name] = used?.source ?? 'default';
    if (used !== undefined) texts[name] = used.text;
  }
  const verdicts = rules.flatMap((rule) => rule({ settings, sources }) ?? []);
  problems.push(...search.problems, ...verdicts.flatMap((verdict) => ('problem' in verdict ? verdict.problem : [])));
  warnings.push(...verdicts.flatMap((verdict) => ('warning' in verdict ? verdict.warning : [])));
  warnings.push(...unknownNames([...Object.keys(input.env), ...Object.keys(search.dotEnv)], [...names, ...OF_COMPOSE]));
  return problems.length === 0 && isComplete(settings, names) && isComplete(sources, names)
    ? { ok: true, settings, sources, texts, warnings }
    : { ok: false, problems, warnings };
};

const unnamedProblem = (
  name: string,
  setting: Described,
  used: Occurrence | undefined,
  value: unknown,
  { unnamed }: SettingSources,
): SettingProblem | null => {
  if (unnamed === undefined) return null;
  return used === undefined
    ? strayInUnnamed(name, setting, value, unnamed)
    : problemInUnnamed(name, setting, used, unnamed);
};

/** They stand in the same `.env`, and some begin like settings. */
const OF_COMPOSE = COMPOSE_VARIABLES.map(({ name }) => name);

const setTwice = (name: string, used: Occurrence, others: readonly Occurrence[]): string =>
  `${name} is set in ${others.length + 1} places: ${used.place} is used, not ${others.map(({ place }) => place).join(' or ')}`;

const isComplete = <Whole extends object>(part: Partial<Whole>, names: readonly (keyof Whole)[]): part is Whole =>
  names.every((name) => part[name] !== undefined);
