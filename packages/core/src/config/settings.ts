import { BASELINE_SETTINGS } from './baseline-settings.ts';
import { CATALOGUE_SETTINGS } from './catalogue-settings.ts';
import { DAEMON_SETTINGS } from './daemon-settings.ts';
import { defaultConcurrency, defaultDirectory } from './defaults.ts';
import { NOTICE_SETTINGS } from './notice-settings.ts';
import type { ValuesOf } from './setting.ts';
import { namesIn, optionalSetting, setting } from './setting.ts';
import {
  address,
  duration,
  imagePatterns,
  path,
  repositories,
  severities,
  trivyFlags,
  wholeNumber,
  yesOrNo,
} from './value-kind.ts';

/** Every setting there is, by its name in the environment, in the order of the documentation. */
export const SETTINGS = {
  TRIVY_SEVERITY: setting({
    group: 'What is scanned',
    flag: '--severity',
    kind: severities,
    default: 'HIGH,CRITICAL',
    description: 'Severities to report and compare. Changing it needs no new scan.',
    example: 'MEDIUM,HIGH,CRITICAL',
  }),
  SCAN_IMAGES: setting({
    group: 'What is scanned',
    flag: '--image',
    kind: imagePatterns,
    default: '',
    description:
      'Scan only these images of the Docker engine: references, in which `*` stands for any text, or image IDs. A reference without a tag matches every tag. Nothing is pulled, and the ignore list still applies.',
    example: 'postgres:16,registry.example.org/shop/*',
  }),
  IGNORE_FILE: setting({
    group: 'What is scanned',
    kind: path,
    default: {
      shown: '`<SCANNER_DIR>/settings/ignore-images.txt`, else `<SCANNER_DIR>/ignore-images.txt`',
      from: ({ ignoreFile }) => ignoreFile,
    },
    description:
      'File that lists images to skip, one on each line. `#` starts a comment, `*` stands for any text, and a reference without a tag matches every tag.',
    example: '/etc/gts/ignore-images.txt',
  }),
  IGNORE_IMAGES: setting({
    group: 'What is scanned',
    kind: imagePatterns,
    default: '',
    description:
      'Images to skip, written as in the ignore file. Used only if the ignore file is missing or lists nothing; the two are not combined.',
    example: 'alpine,*/build-cache:*',
  }),
  SCAN_UNTAGGED: setting({
    group: 'What is scanned',
    flag: '--untagged',
    kind: yesOrNo,
    default: 'off',
    description:
      'Also scan untagged images that no container uses. Untagged images that a container uses are always scanned.',
    example: 'on',
  }),

  SCAN_CONCURRENCY: setting({
    group: 'How it is scanned',
    flag: '--concurrency',
    kind: wholeNumber(1, 256),
    default: {
      shown: 'the smaller of the number of processors and of GiB of memory; 3 in `gts scan`',
      from: (_, base) => String(defaultConcurrency(base)),
    },
    description: 'Number of scans that run at the same time.',
    example: '4',
  }),
  SCAN_TIMEOUT_SECONDS: setting({
    group: 'How it is scanned',
    flag: '--timeout',
    kind: wholeNumber(1, 86_400),
    default: '900',
    description: 'Seconds after which the scan of one image is stopped.',
    example: '1800',
  }),
  TRIVY_EXTRA_ARGS: setting({
    group: 'How it is scanned',
    flag: '--extra-trivy-args',
    kind: trivyFlags,
    default: '',
    description:
      'Additional flags for `trivy image`. Only flags that keep scans comparable are accepted; an error lists them.',
    example: '--ignore-unfixed --skip-dirs /usr/share/doc',
  }),
  USE_IGZIP: setting({
    group: 'How it is scanned',
    kind: yesOrNo,
    default: 'on',
    description:
      'Decompress large layers with the `igzip` found in `PATH`, which needs half the processor time. Without one, Node’s zlib is used.',
    example: 'off',
  }),
  DOCKER_HOST: optionalSetting({
    group: 'How it is scanned',
    flag: '--docker-host',
    kind: address('unix', 'tcp', 'http', 'https', 'ssh', 'npipe'),
    description:
      'Address of the Docker engine. Without it, the engine is found as the Docker CLI finds it: its current context, then the usual socket.',
    example: 'unix:///run/user/1000/docker.sock',
  }),

  SCANNER_DIR: setting({
    group: 'Where things are kept',
    flag: '--dir',
    kind: path,
    early: true,
    default: { shown: '`./security`; in the container `/`', from: (_, { layout }) => defaultDirectory(layout) },
    description:
      'Directory of this host’s data: logs, cache, state, baselines, secrets, `.env` and the ignore list. It cannot be set in `.env` or `secrets`, because those are read from this directory.',
    example: '/srv/security',
  }),
  LOG_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: { shown: '`<SCANNER_DIR>/logs`', from: ({ logs }) => logs },
    description: 'Directory of the logs: one for each scanned image, and a summary of each pass.',
    example: '/var/log/gts',
  }),
  LOG_KEEP_DAYS: setting({
    group: 'Where things are kept',
    kind: wholeNumber(1, 36_500),
    default: '90',
    description: 'Days after which logs are deleted.',
    example: '30',
  }),
  STATE_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: {
      shown: '`<SCANNER_DIR>/state`; outside `gts host` `$XDG_CACHE_HOME/gts/state`',
      from: ({ state }) => state,
    },
    description:
      'Directory of scan results, notification state, queued notices and the schedule. Only one `gts host scan` or daemon uses it at a time.',
    example: '/var/lib/gts',
  }),
  TRIVY_CACHE_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: {
      shown: '`<SCANNER_DIR>/cache`; outside `gts host` `$XDG_CACHE_HOME/gts`',
      from: ({ cache }) => cache,
    },
    description: 'Directory of Trivy itself, its vulnerability databases and the scan cache (analysed layers).',
    example: '/var/cache/gts',
  }),

  TRIVY_PATH: optionalSetting({
    group: 'Trivy',
    kind: path,
    executed: true,
    description:
      'Trivy executable to use. Without it, the one in `PATH` is used, else the one installed by `gts trivy install`.',
    example: '/opt/trivy/trivy',
  }),
  TRIVY_RELEASES_URL: setting({
    group: 'Trivy',
    kind: address('https', 'http'),
    default: 'https://github.com/aquasecurity/trivy/releases/download',
    description:
      'Address that Trivy releases are downloaded from. Every download is verified by its signature and checksum, also one from a mirror.',
    example: 'https://mirror.example.org/trivy',
  }),
  TRIVY_DB_REPOSITORY: setting({
    group: 'Trivy',
    kind: repositories,
    default: 'mirror.gcr.io/aquasec/trivy-db:2,ghcr.io/aquasecurity/trivy-db:2',
    description: 'Repositories that the vulnerability database is downloaded from, tried in this order.',
    example: 'registry.example.org/aquasec/trivy-db:2',
  }),
  TRIVY_JAVA_DB_REPOSITORY: setting({
    group: 'Trivy',
    kind: repositories,
    default: 'mirror.gcr.io/aquasec/trivy-java-db:1,ghcr.io/aquasecurity/trivy-java-db:1',
    description: 'Repositories that the Java database is downloaded from, tried in this order.',
    example: 'registry.example.org/aquasec/trivy-java-db:1',
  }),
  TRIVY_DB_MAX_AGE: setting({
    group: 'Trivy',
    kind: duration(60),
    default: '7d',
    description:
      'Maximum age of a vulnerability database that could not be updated. A pass with an older one ends with exit code 4. With TRIVY_SKIP_DB_UPDATE it is used all the same and marked as stale, and nothing is reported as resolved.',
    example: '36h',
  }),
  TRIVY_SKIP_DB_UPDATE: setting({
    group: 'Trivy',
    flag: '--skip-db-update',
    kind: yesOrNo,
    default: 'off',
    description:
      'Use the vulnerability database in the cache directory, whatever its age, and do not download another.',
    example: 'on',
  }),

  ...BASELINE_SETTINGS,
  ...NOTICE_SETTINGS,
  ...DAEMON_SETTINGS,
  ...CATALOGUE_SETTINGS,
};

export type SettingName = keyof typeof SETTINGS;

/** The values of all settings, validated, by name. */
export type Settings = ValuesOf<typeof SETTINGS>;

export const SETTING_NAMES: readonly SettingName[] = namesIn(SETTINGS);

/** The variables whose values are secrets: no child process gets them. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set(SETTING_NAMES.filter((name) => SETTINGS[name].secret));

/** Seconds that the scan of one image may take, whichever setting says it. */
export const scanTimeoutSeconds = (settings: Pick<Settings, 'TRIVY_EXTRA_ARGS' | 'SCAN_TIMEOUT_SECONDS'>): number =>
  settings.TRIVY_EXTRA_ARGS.timeoutSeconds ?? settings.SCAN_TIMEOUT_SECONDS;
