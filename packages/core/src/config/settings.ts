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
    description: 'Severities that are reported and compared. Another choice needs no new scan.',
    example: 'MEDIUM,HIGH,CRITICAL',
  }),
  SCAN_IMAGES: setting({
    group: 'What is scanned',
    flag: '--image',
    kind: imagePatterns,
    default: '',
    description:
      'Only these images of the engine, by reference or ID; without a tag every tag. The ignore list still applies.',
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
      'File that lists images to skip: one on each line, `#` starts a comment, `*` stands for anything, no tag means every tag.',
    example: '/etc/gts/ignore-images.txt',
  }),
  IGNORE_IMAGES: setting({
    group: 'What is scanned',
    kind: imagePatterns,
    default: '',
    description: 'Images to skip, as in the ignore file; counts where there is no such file.',
    example: 'alpine,*/build-cache:*',
  }),
  SCAN_UNTAGGED: setting({
    group: 'What is scanned',
    flag: '--untagged',
    kind: yesOrNo,
    default: 'off',
    description: 'Scan images without a tag even where no container uses them.',
    example: 'on',
  }),

  SCAN_CONCURRENCY: setting({
    group: 'How it is scanned',
    flag: '--concurrency',
    kind: wholeNumber(1, 256),
    default: {
      shown: 'number of processors, or of GiB of memory where those are fewer',
      from: (_, base) => String(defaultConcurrency(base)),
    },
    description: 'Scans that may run at once.',
    example: '4',
  }),
  SCAN_TIMEOUT_SECONDS: setting({
    group: 'How it is scanned',
    flag: '--timeout',
    kind: wholeNumber(1, 86_400),
    default: '900',
    description: 'Seconds that the scan of one image may take.',
    example: '1800',
  }),
  TRIVY_EXTRA_ARGS: setting({
    group: 'How it is scanned',
    flag: '--extra-trivy-args',
    kind: trivyFlags,
    default: '',
    description: 'More flags for `trivy image`, out of those that cannot break a scan.',
    example: '--ignore-unfixed --skip-dirs /usr/share/doc',
  }),
  USE_IGZIP: setting({
    group: 'How it is scanned',
    kind: yesOrNo,
    default: 'on',
    description:
      'Inflate large layers with the `igzip` in `PATH`, which takes half the time of a processor; where there is none, Node’s zlib does it.',
    example: 'off',
  }),
  DOCKER_HOST: optionalSetting({
    group: 'How it is scanned',
    flag: '--docker-host',
    kind: address('unix', 'tcp', 'http', 'https', 'ssh', 'npipe'),
    description:
      'Docker engine to ask. Without it the Docker CLI’s own rules find one: its context, then the usual socket.',
    example: 'unix:///run/user/1000/docker.sock',
  }),

  SCANNER_DIR: setting({
    group: 'Where things are kept',
    flag: '--dir',
    kind: path,
    early: true,
    default: { shown: '`./security`; in the container `/`', from: (_, { layout }) => defaultDirectory(layout) },
    description:
      'Directory of this host’s data: logs, cache, state, secrets, `.env` and the ignore list. Taken from the flag or the environment only, since the other places lie in it.',
    example: '/srv/security',
  }),
  LOG_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: { shown: '`<SCANNER_DIR>/logs`', from: ({ logs }) => logs },
    description: 'Directory for a log of each image scanned and for the summary of each pass.',
    example: '/var/log/gts',
  }),
  LOG_KEEP_DAYS: setting({
    group: 'Where things are kept',
    kind: wholeNumber(1, 36_500),
    default: '90',
    description: 'Days that logs are kept.',
    example: '30',
  }),
  STATE_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: {
      shown: '`<SCANNER_DIR>/state`; outside `gts host` `$XDG_CACHE_HOME/gts/state`',
      from: ({ state }) => state,
    },
    description: 'Directory for results and what is known of each image. One process works on it at a time.',
    example: '/var/lib/gts',
  }),
  TRIVY_CACHE_DIR: setting({
    group: 'Where things are kept',
    kind: path,
    default: {
      shown: '`<SCANNER_DIR>/cache`; outside `gts host` `$XDG_CACHE_HOME/gts`',
      from: ({ cache }) => cache,
    },
    description: 'Directory for Trivy itself, its vulnerability databases and what is known of layers.',
    example: '/var/cache/gts',
  }),

  TRIVY_PATH: optionalSetting({
    group: 'Trivy',
    kind: path,
    executed: true,
    description:
      'Trivy executable to use. Without it the one in `PATH` is taken, then the one installed by `gts trivy install`.',
    example: '/opt/trivy/trivy',
  }),
  TRIVY_RELEASES_URL: setting({
    group: 'Trivy',
    kind: address('https', 'http'),
    default: 'https://github.com/aquasecurity/trivy/releases/download',
    description: 'Where releases of Trivy are downloaded from. What comes from there is verified wherever it lies.',
    example: 'https://mirror.example.org/trivy',
  }),
  TRIVY_DB_REPOSITORY: setting({
    group: 'Trivy',
    kind: repositories,
    default: 'mirror.gcr.io/aquasec/trivy-db:2,ghcr.io/aquasecurity/trivy-db:2',
    description: 'Repositories of the vulnerability database, tried in turn.',
    example: 'registry.example.org/aquasec/trivy-db:2',
  }),
  TRIVY_JAVA_DB_REPOSITORY: setting({
    group: 'Trivy',
    kind: repositories,
    default: 'mirror.gcr.io/aquasec/trivy-java-db:1,ghcr.io/aquasecurity/trivy-java-db:1',
    description: 'Repositories of the database of Java archives, tried in turn.',
    example: 'registry.example.org/aquasec/trivy-java-db:1',
  }),
  TRIVY_DB_MAX_AGE: setting({
    group: 'Trivy',
    kind: duration(60),
    default: '7d',
    description: 'Age from which a vulnerability database that could not be updated is too old to scan with.',
    example: '36h',
  }),
  TRIVY_SKIP_DB_UPDATE: setting({
    group: 'Trivy',
    flag: '--skip-db-update',
    kind: yesOrNo,
    default: 'off',
    description: 'Use the database that lies in the cache directory, however old, and ask no repository for another.',
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
