import { parseTrivyDuration } from './durations.ts';

/** A flag of `trivy image` that may stand in `TRIVY_EXTRA_ARGS`. */
export interface ExtraFlag {
  /** `switch`: stands alone; `one`: the last value counts; `many`: the values add up. */
  readonly takes: 'switch' | 'one' | 'many';
  /** What its value may be. */
  readonly accepted: string;
  readonly fits: (value: string) => boolean;
  /** The name it is passed on by; `null` for what is so anyway, or ours to do. */
  readonly passedOnAs: string | null;
}

const flag = (
  name: string,
  takes: ExtraFlag['takes'],
  accepted: string,
  fits: ExtraFlag['fits'],
): readonly [string, ExtraFlag] => [name, { takes, accepted, fits, passedOnAs: name }];

const switchFlag = (name: string) =>
  flag(name, 'switch', 'true or false', (value) => value === 'true' || value === 'false');
const choice = (name: string, ...choices: readonly string[]) =>
  flag(name, 'one', `one of ${choices.join(' ')}`, (value) => choices.includes(value));
const choices = (name: string, ...choices: readonly string[]) =>
  flag(name, 'many', `a list of ${choices.join(',')}`, (value) =>
    value.split(',').every((part) => choices.includes(part)),
  );
const written = (name: string, takes: 'one' | 'many', accepted: string, shape: RegExp) =>
  flag(name, takes, accepted, (value) => shape.test(value));
const keptBack = ([name, described]: readonly [string, ExtraFlag]): readonly [string, ExtraFlag] => [
  name,
  { ...described, passedOnAs: null },
];

const PATH_PATTERNS = /^\P{Cc}{1,1024}$/u;

/** All that may stand there. What is not in it either has a setting of its own or would change how Trivy is driven. */
export const EXTRA_FLAGS: ReadonlyMap<string, ExtraFlag> = new Map([
  switchFlag('--ignore-unfixed'),
  choices(
    '--ignore-status',
    'unknown',
    'not_affected',
    'affected',
    'fixed',
    'under_investigation',
    'will_not_fix',
    'fix_deferred',
    'end_of_life',
  ),
  choices('--pkg-types', 'os', 'library'),
  // Its name until it was deprecated.
  ['--vuln-type', choices('--pkg-types', 'os', 'library')[1]],
  choices('--pkg-relationships', 'unknown', 'root', 'workspace', 'direct', 'indirect'),
  written('--skip-dirs', 'many', 'a path or pattern', PATH_PATTERNS),
  written('--skip-files', 'many', 'a path or pattern', PATH_PATTERNS),
  written('--file-patterns', 'many', 'type:pattern', /^[\w-]{1,64}:\P{Cc}{1,1024}$/u),
  choice('--detection-priority', 'precise', 'comprehensive'),
  written('--vuln-severity-source', 'many', 'a list of sources such as nvd,auto', /^[a-z\d-]+(?:,[a-z\d-]+)*$/),
  written('--distro', 'one', 'family/version', /^[a-z-]{1,32}\/[\w.-]{1,32}$/),
  written('--max-image-size', 'one', 'a size such as 2GB', /^\d{1,12}(?:\.\d{1,6})? ?[kmgtp]?i?b?$/i),
  written('--parallel', 'one', 'a whole number', /^\d{1,3}$/),
  switchFlag('--offline-scan'),
  keptBack(flag('--timeout', 'one', 'a time such as 5m, 90s or 1h30m', (value) => Boolean(parseTrivyDuration(value)))),
  keptBack(flag('--scanners', 'many', 'only vuln', (value) => value === 'vuln')),
  keptBack(switchFlag('--no-progress')),
  keptBack(switchFlag('--quiet')),
]);

/** Where to say instead what a refused flag would say. */
export const INSTEAD_OF: ReadonlyMap<string, string> = new Map([
  ['--severity', 'set TRIVY_SEVERITY'],
  ['--cache-dir', 'set TRIVY_CACHE_DIR'],
  ['--skip-db-update', 'set TRIVY_SKIP_DB_UPDATE'],
  ['--skip-update', 'set TRIVY_SKIP_DB_UPDATE'],
  ['--skip-java-db-update', 'set TRIVY_SKIP_DB_UPDATE'],
  ['--db-repository', 'set TRIVY_DB_REPOSITORY'],
  ['--java-db-repository', 'set TRIVY_JAVA_DB_REPOSITORY'],
  ['--docker-host', 'set DOCKER_HOST'],
  ['--username', 'sign in with docker login'],
  ['--password', 'sign in with docker login'],
  ['--registry-token', 'sign in with docker login'],
  ['--exit-code', 'give --fail-on to gts image'],
  ['--format', 'give it to gts image itself'],
  ['--output', 'give it to gts image itself'],
  ['--input', 'give it to gts image itself'],
  ['--platform', 'give it to gts image itself'],
  ['--image-src', 'give --source to gts image'],
  ['--ignorefile', 'images are ignored with IGNORE_FILE'],
]);
