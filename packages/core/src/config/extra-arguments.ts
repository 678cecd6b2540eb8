import { parseTrivyDuration } from './durations.ts';
import { splitShellWords } from './shell-words.ts';

/** What `TRIVY_EXTRA_ARGS` asks for. */
export interface ExtraArguments {
  /** Each flag with its value as one word, `--flag=value`, ready to stand before Trivy's `--`. */
  readonly flags: readonly string[];
  /** From `--timeout`, which beats `SCAN_TIMEOUT_SECONDS`. */
  readonly timeoutSeconds: number | null;
}

/** Passed on to Trivy as they are. */
const PASSED_ON = new Set([
  '--ignore-unfixed',
  '--offline-scan',
  '--ignore-status',
  '--pkg-types',
  '--vuln-type',
  '--pkg-relationships',
  '--skip-dirs',
  '--skip-files',
  '--file-patterns',
  '--detection-priority',
  '--vuln-severity-source',
  '--distro',
  '--max-image-size',
  '--parallel',
]);
/** Taken, since people have them in their settings, and not passed on: what they ask for is so anyway, or ours to do. */
const KEPT_BACK = new Set(['--timeout', '--scanners', '--no-progress', '--quiet']);
const SWITCHES = new Set(['--ignore-unfixed', '--offline-scan', '--no-progress', '--quiet']);
const TAKEN = [...PASSED_ON, ...KEPT_BACK];
const WITH_VALUE = new Set(TAKEN.filter((name) => !SWITCHES.has(name)));

/** Where to say instead what a refused flag would say. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['--severity', 'set TRIVY_SEVERITY'],
  ['--cache-dir', 'set TRIVY_CACHE_DIR'],
  ['--skip-db-update', 'set TRIVY_SKIP_DB_UPDATE'],
  ['--skip-update', 'set TRIVY_SKIP_DB_UPDATE'],
  ['--db-repository', 'set TRIVY_DB_REPOSITORY'],
  ['--java-db-repository', 'set TRIVY_JAVA_DB_REPOSITORY'],
  ['--docker-host', 'set DOCKER_HOST'],
  ['--username', 'sign in with docker login'],
  ['--password', 'sign in with docker login'],
  ['--format', 'give it to gts image itself'],
  ['--output', 'give it to gts image itself'],
  ['--platform', 'give it to gts image itself'],
  ['--image-src', 'give --source to gts image'],
]);

interface Refusal {
  /** What may be written instead. */
  readonly accepted: string;
}

interface Flag {
  readonly name: string;
  readonly value: string | null;
}

/**
 * Takes apart the text of `TRIVY_EXTRA_ARGS`, or says what may be written instead. Nothing of the text but names of
 * flags is repeated in that, since a refused value can be a password.
 */
export const parseExtraArguments = (text: string): ExtraArguments | Refusal => {
  const words = splitShellWords(text);
  if (words === null) return { accepted: 'words as in a shell, with every quote closed' };
  const flags: Flag[] = [];
  const rest = words.values();
  for (const word of rest) {
    const flag = takeFlag(word, rest);
    if ('accepted' in flag) return flag;
    flags.push(flag);
  }
  return {
    flags: flags.filter(({ name }) => PASSED_ON.has(name)).map(written),
    timeoutSeconds: parseTrivyDuration(flags.findLast(({ name }) => name === '--timeout')?.value ?? ''),
  };
};

const takeFlag = (word: string, rest: Iterator<string>): Flag | Refusal => {
  const [, name = '', attached] = /^(--[a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (SWITCHES.has(name)) return takeSwitch(name, attached ?? null);
  if (!WITH_VALUE.has(name)) return refuse(name);
  const value = attached ?? rest.next().value;
  if (typeof value !== 'string' || value === '' || (attached === undefined && value.startsWith('-')))
    return { accepted: `a value after ${name}` };
  return checkValue({ name, value });
};

const takeSwitch = (name: string, value: string | null): Flag | Refusal =>
  value === null || value === 'true' || value === 'false' ? { name, value } : { accepted: `${name} without a value` };

const checkValue = (flag: Flag & { readonly value: string }): Flag | Refusal => {
  if (flag.name === '--scanners' && flag.value !== 'vuln') return { accepted: 'only vuln after --scanners' };
  if (flag.name === '--timeout' && !parseTrivyDuration(flag.value))
    return { accepted: 'a time such as 5m, 90s or 1h30m after --timeout' };
  return flag;
};

const refuse = (name: string): Refusal => {
  if (name === '') return { accepted: 'flags that start with --, each with its value' };
  const instead = INSTEAD.get(name);
  return {
    accepted: instead === undefined ? `any of ${TAKEN.join(' ')}, not ${name}` : `no ${name} among them: ${instead}`,
  };
};

const written = ({ name, value }: Flag): string => (value === null ? name : `${name}=${value}`);
