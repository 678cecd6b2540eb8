import type { DefaultPlaces, SettingsBase } from './defaults.ts';
import type { ValueKind } from './value-kind.ts';

/** The parts of the documentation, in its order. */
export const SETTING_GROUPS = [
  'What is scanned',
  'How it is scanned',
  'Where things are kept',
  'Trivy',
  'Notices',
  'Daemon',
  'Catalogue',
] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** A default that hangs on where and on what the process runs. */
export interface DerivedDefault {
  /** The default in words, for the documentation. */
  readonly shown: string;
  readonly from: (places: DefaultPlaces, base: SettingsBase) => string;
}

/** What stands for the value of a setting that has no default. */
interface NoDefault<T> {
  readonly absent: T;
}

/** One setting, described once: what reads it, documents it and offers it as a flag all start from here. */
export interface Setting<T> {
  readonly group: SettingGroup;
  /** The flag of the command line, or `null` where there is none. */
  readonly flag: `--${string}` | null;
  readonly kind: ValueKind<T>;
  /** What the setting does, with the unit of its value, as one or more sentences. */
  readonly description: string;
  /** A text is read as if somebody had set it. */
  readonly default: string | DerivedDefault | NoDefault<T>;
  readonly example: string;
  /** Its value is shown nowhere. */
  readonly secret: boolean;
  /** Taken from flags and the environment only: it says where the other places are. */
  readonly early: boolean;
  /** Its value is a program that is run. */
  readonly executed: boolean;
}

/** Descriptions of settings, by name; `Values` holds what each one's value is. */
export type SettingDefinitions<Values> = { readonly [Name in keyof Values]: Setting<Values[Name]> };

/** The values of described settings, by name. */
export type ValuesOf<Definitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends Setting<infer T> ? T : never;
};

/** The names of described settings, in their order. */
export const namesIn = <Definitions extends object>(
  definitions: Definitions,
): readonly Extract<keyof Definitions, string>[] => {
  const names: Extract<keyof Definitions, string>[] = [];
  for (const name in definitions) if (Object.hasOwn(definitions, name)) names.push(name);
  return names;
};

type Written<T> = Pick<Setting<T>, 'group' | 'kind' | 'description' | 'example'> &
  Partial<Pick<Setting<T>, 'flag' | 'secret' | 'early' | 'executed'>>;

/** Describes a setting that always has a value. */
export const setting = <T>(written: Written<T> & { readonly default: string | DerivedDefault }): Setting<T> => ({
  flag: null,
  secret: false,
  early: false,
  executed: false,
  ...written,
});

/** Describes a setting without a default: its value is `null` while nobody sets it. */
export const optionalSetting = <T>(written: Written<T>): Setting<T | null> => ({
  flag: null,
  secret: false,
  early: false,
  executed: false,
  default: { absent: null },
  ...written,
});
