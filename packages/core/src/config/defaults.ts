import { join } from 'node:path';

/**
 * `directory`: all in the directory of the host. `user`: Trivy, databases and state in the user's cache.
 * `container`: at the root, where volumes are mounted, with secrets where Docker puts them.
 */
export type Layout = 'directory' | 'user' | 'container';

/** What defaults hang on besides the settings: facts of the process, which only an app can know. */
export interface SettingsBase {
  readonly layout: Layout;
  /** Processors that the process may use. */
  readonly cores: number;
  /** What memory it may use. */
  readonly memoryBytes: number;
  /** `$XDG_CACHE_HOME`, or what stands for it. */
  readonly cacheHome: string;
}

/** Where the host's data lies while nothing says otherwise. */
const HOST_DIRECTORY = './security';
/** The same in the container of the daemon, whose volumes lie at the root. */
export const CONTAINER_DIRECTORY = '/';
const CONTAINER_SECRETS = '/run/secrets';

export const defaultDirectory = (layout: Layout): string =>
  layout === 'container' ? CONTAINER_DIRECTORY : HOST_DIRECTORY;

/** Where things lie in the directory of a host. */
const defaultPlaces = (directory: string) => ({
  logs: join(directory, 'logs'),
  cache: join(directory, 'cache'),
  state: join(directory, 'state'),
  snapshots: join(directory, 'snapshots'),
  secrets: join(directory, 'secrets'),
  dotEnv: join(directory, '.env'),
  ignoreFile: join(directory, 'settings', 'ignore-images.txt'),
  /** Where it was in earlier versions, and still counts. */
  earlierIgnoreFile: join(directory, 'ignore-images.txt'),
});

/** As {@link defaultPlaces}, with what `base` puts elsewhere. */
export const placesFor = (
  directory: string,
  { layout, cacheHome }: Pick<SettingsBase, 'layout' | 'cacheHome'>,
): DefaultPlaces => ({
  ...defaultPlaces(directory),
  ...(layout === 'user' && { cache: join(cacheHome, 'gts'), state: join(cacheHome, 'gts', 'state') }),
  ...(layout === 'container' && directory === CONTAINER_DIRECTORY && { secrets: CONTAINER_SECRETS }),
});

const BYTES_A_SCAN = 1024 ** 3;
const MOST_SCANS = 256;

/** One for each processor, where there is memory for as many: a Trivy takes 200 to 500 MB, and more of a large image. */
export const defaultConcurrency = ({ cores, memoryBytes }: Pick<SettingsBase, 'cores' | 'memoryBytes'>): number =>
  Math.max(1, Math.min(cores, Math.floor(memoryBytes / BYTES_A_SCAN), MOST_SCANS));

export type DefaultPlaces = Readonly<ReturnType<typeof defaultPlaces>>;
