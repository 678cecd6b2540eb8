import { closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import {
  defaultPlacesOf,
  type Layout,
  namedDirectory,
  resolveSettings,
  type SettingName,
  type Settings,
  type SettingSource,
  type UnnamedDirectory,
  settingsError,
  SETTINGS,
  strayInUnnamed,
  withDirectory,
} from '@scanner/core/config';

import type { CommandContext } from './command-context.ts';
import { settingFlags } from './setting-options.ts';

export interface ReadSettings {
  readonly settings: Settings;
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  /** The text that each value was read from; none where it is the default. Secrets too. */
  readonly texts: Readonly<Partial<Record<SettingName, string>>>;
  /** The directory that secrets are looked for in, absolute. */
  readonly secrets: string;
  /** Where the list of images to skip may lie, absolute: the first one with something in it counts. */
  readonly ignoreFiles: readonly string[];
  /** The text of the `.env` file that was used. */
  readonly dotEnv: string | null;
  /** Whether a flag or the environment names the directory of this host's data. */
  readonly isNamed: boolean;
}

/** Where the settings of a command are looked for, beside its flags and the environment. */
export interface SettingsScope {
  /** `user` for commands that are about no host: they have neither `.env` nor secrets of their own. */
  readonly layout: Layout;
  /** Stands for the `.env` file, which a process reads once however often it looks for secrets again. */
  readonly dotEnv?: string | null;
}

/**
 * Finds and validates every setting of a command and tells what is odd about them.
 *
 * @throws ScannerError `setting_invalid` with one line a problem
 */
export const readSettings = (
  { console, cwd, env, home }: CommandContext,
  flags: object,
  { layout, ...given }: SettingsScope,
): ReadSettings => {
  const cacheHome = env['XDG_CACHE_HOME'] || join(home, '.cache');
  const base = { layout, cores: availableParallelism(), memoryBytes: availableMemory(), cacheHome };
  const command = {
    flags: settingFlags({ ...flags }),
    env,
    readFile: readable(cwd, (sentence) => console.log.warn(sentence)),
  };
  const places = defaultPlacesOf(command, base);
  const found = layout === 'user' ? withoutDirectory(command) : withDirectory(command, places);
  const isNamed = namedDirectory(command) !== null;
  const unnamed = layout !== 'directory' || isNamed ? undefined : { holds: holder(cwd, dirname(places.dotEnv)) };
  const resolution = resolveSettings({ ...found, ...given, unnamed, base });
  for (const warning of resolution.warnings) console.log.warn(warning);
  if (!resolution.ok) throw settingsError(resolution.problems);
  const { settings, sources, texts } = resolution;
  const earlier = sources.IGNORE_FILE === 'default' ? [places.earlierIgnoreFile] : [];
  if (unnamed !== undefined) refuseStrays(earlier, unnamed);
  return {
    settings,
    sources,
    texts,
    secrets: resolve(cwd, places.secrets),
    ignoreFiles: [settings.IGNORE_FILE, ...earlier].map((path) => resolve(cwd, path)),
    dotEnv: found.dotEnv,
    isNamed,
  };
};

const refuseStrays = (ignoreFiles: readonly string[], unnamed: UnnamedDirectory): void => {
  const problems = ignoreFiles.flatMap(
    (path) => strayInUnnamed('IGNORE_FILE', SETTINGS.IGNORE_FILE, path, unnamed) ?? [],
  );
  if (problems.length > 0) throw settingsError(problems);
};

/** Tells which paths lie in a directory, wherever links lead. */
const holder = (cwd: string, directory: string): ((path: string) => boolean) => {
  const whole = withoutLinks(resolve(cwd, directory));
  return (path) => {
    const way = relative(whole, withoutLinks(resolve(cwd, path)));
    return !isAbsolute(way) && way.split(sep)[0] !== '..';
  };
};

/** Of what is not there, where it would be. */
const withoutLinks = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(withoutLinks(parent), basename(path));
  }
};

/** Of the machine, or of the container where that may use less. */
const availableMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity);

const withoutDirectory = <Command>(command: Command): Command & { secretsDirectory: () => null; dotEnv: null } => ({
  ...command,
  secretsDirectory: () => null,
  dotEnv: null,
});

const MAX_BYTES = 2 * 1024 * 1024;

/** Reads files of settings. One that is there and cannot be read is passed over, which is said once a directory. */
const readable = (cwd: string, warn: (sentence: string) => void): ((path: string) => string | null) => {
  const told = new Set<string>();
  return (written) => {
    const path = resolve(cwd, written);
    try {
      return readBounded(path);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NOT_THERE.has(code) || told.has(dirname(path))) return null;
      told.add(dirname(path));
      warn(`${path} cannot be read and sets nothing (${code})`);
      return null;
    }
  };
};

const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** The beginning of a text file, more than any setting may hold. */
const readBounded = (path: string): string => {
  const { size } = statSync(path);
  using file = openForReading(path);
  const buffer = Buffer.alloc(Math.min(size, MAX_BYTES));
  return buffer.toString('utf8', 0, readSync(file.descriptor, buffer));
};

const openForReading = (path: string): Disposable & { readonly descriptor: number } => {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
};
