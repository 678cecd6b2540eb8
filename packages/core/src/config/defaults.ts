import { join } from 'node:path';

/** What defaults hang on besides the settings: facts of the process, which only an app can know. */
export interface SettingsBase {
  /** `directory`: all in the directory of the host. `user`: Trivy, databases and state in the user's cache. */
  readonly layout: 'directory' | 'user';
  /** Processors that the process may use. */
  readonly cores: number;
  /** `$XDG_CACHE_HOME`, or what stands for it. */
  readonly cacheHome: string;
}

/** Where the host's data lies while nothing says otherwise. */
export const DEFAULT_DIRECTORY = './security';

/** Where things lie in the directory of a host. */
export const defaultPlaces = (directory: string) => ({
  logs: join(directory, 'logs'),
  cache: join(directory, 'cache'),
  state: join(directory, 'state'),
  snapshots: join(directory, 'snapshots'),
  secrets: join(directory, 'secrets'),
  dotEnv: join(directory, '.env'),
  ignoreFile: join(directory, 'ignore-images.txt'),
});

/** As {@link defaultPlaces}, with what `base` puts elsewhere. */
export const placesFor = (directory: string, { layout, cacheHome }: SettingsBase): DefaultPlaces => ({
  ...defaultPlaces(directory),
  ...(layout === 'user' && { cache: join(cacheHome, 'gts'), state: join(cacheHome, 'gts', 'state') }),
});

export type DefaultPlaces = Readonly<ReturnType<typeof defaultPlaces>>;
