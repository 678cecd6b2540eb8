import { join } from 'node:path';

import { type DefaultPlaces } from './defaults.ts';
import type { UnnamedDirectory } from './unnamed-directory.ts';

/** Where the value of a setting came from, strongest first. */
export type SettingSource = 'flag' | 'environment' | 'secrets' | '.env' | 'default';

/** Named values as an environment holds them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a file, or `null` where there is none that can be read. */
export type ReadFile = (path: string) => string | null;

/** What a command line gave to one setting: a switch, or all values of a flag that may be repeated. */
export type FlagValue = string | boolean | readonly string[];

/** What the one who starts a command gives to it, and the port through which files are read. */
export interface CommandSources {
  /** By name of the setting, not of the flag. */
  readonly flags: Readonly<Record<string, FlagValue | undefined>>;
  readonly env: Variables;
  readonly readFile: ReadFile;
}

/** All places where settings can be found, as data. */
export interface SettingSources extends CommandSources {
  /** Reads the file of that name in the secrets directory. */
  readonly secretsDirectory: ReadFile;
  /** The text of the `.env` file, or `null` where there is none. */
  readonly dotEnv: string | null;
  /** Where these two lie, when nobody said that they are to be read. */
  readonly unnamed?: UnnamedDirectory | undefined;
}

/** A command's sources with the files of its own directory: `<secrets>/NAME` and the `.env` file. */
export const withDirectory = (
  command: CommandSources,
  { secrets, dotEnv }: Pick<DefaultPlaces, 'secrets' | 'dotEnv'>,
): SettingSources => ({
  ...command,
  secretsDirectory: (name) => command.readFile(join(secrets, name)),
  dotEnv: command.readFile(dotEnv),
});
