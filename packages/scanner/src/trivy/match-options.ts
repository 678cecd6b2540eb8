import { createHash } from 'node:crypto';

/** How findings are to be matched, in the words of Trivy's server. */
export interface MatchOptions {
  readonly packageTypes: readonly string[];
  readonly severitySources: readonly string[];
  /** Findings of these statuses are left out. */
  readonly ignoredStatuses: ReadonlySet<string>;
}

/** What a scan's extra arguments come to where Trivy's processes are shared between images. */
export interface ScanManner {
  /** Names the way in which layers are analysed: analyses of one way are of no use to another. */
  readonly analysis: string;
  /** Null where only a process of its own can do what is asked for. */
  readonly match: MatchOptions | null;
}

/** Flags that change what a layer's analysis holds. */
const ANALYSIS = new Set(['--pkg-types', '--skip-dirs', '--skip-files', '--file-patterns', '--detection-priority']);
/** Flags that change what is made of the analyses, and can be said to a server or done here. */
const MATCHING = new Set(['--pkg-types', '--vuln-severity-source', '--ignore-unfixed', '--ignore-status']);
/** Flags that change nothing of the result. */
const NEITHER = new Set(['--parallel', '--offline-scan', '--timeout']);

/** As Trivy numbers them. */
export const STATUSES = [
  'unknown',
  'not_affected',
  'affected',
  'fixed',
  'under_investigation',
  'will_not_fix',
  'fix_deferred',
  'end_of_life',
] as const;

/** @param extraArgs each with its value as one word, `--flag=value` */
export const scanManner = (extraArgs: readonly string[], withoutJava = false): ScanManner => {
  const analysing = extraArgs.filter((argument) => !isAny(argument, NEITHER) && !isMatchingOnly(argument));
  const words = [...analysing.toSorted(), ...(withoutJava ? ['without Java archives'] : [])];
  return {
    analysis: words.length === 0 ? 'plain' : createHash('sha256').update(words.join('\n')).digest('hex'),
    match: extraArgs.every((argument) => isAny(argument, ANALYSIS, MATCHING, NEITHER)) ? matchOptions(extraArgs) : null,
  };
};

/** Whether what it finds depends on Java archives; where that is not known it does. */
export const usesJava = ({ match }: ScanManner): boolean => match?.packageTypes.includes('library') ?? true;

/** Which packages are looked at: of the system, of languages. */
export const packageTypesOf = (extraArgs: readonly string[]): readonly string[] => {
  const packageTypes = valuesOf(extraArgs, '--pkg-types');
  return packageTypes.length === 0 ? ['os', 'library'] : packageTypes;
};

/** The same, but for the system's packages, which are left unjudged where there are others to judge. */
export const withoutSystem = (extraArgs: readonly string[]): readonly string[] =>
  packageTypesOf(extraArgs).includes('library')
    ? [...extraArgs.filter((argument) => !argument.startsWith('--pkg-types=')), '--pkg-types=library']
    : extraArgs;

const matchOptions = (extraArgs: readonly string[]): MatchOptions => ({
  packageTypes: packageTypesOf(extraArgs),
  severitySources: valuesOf(extraArgs, '--vuln-severity-source'),
  ignoredStatuses: ignoredStatuses(extraArgs),
});

/** As in Trivy, statuses named one by one beat the short way. */
const ignoredStatuses = (extraArgs: readonly string[]): ReadonlySet<string> => {
  const named = valuesOf(extraArgs, '--ignore-status');
  if (named.length > 0) return new Set(named);
  return new Set(extraArgs.includes('--ignore-unfixed') ? STATUSES.filter((status) => status !== 'fixed') : []);
};

const valuesOf = (extraArgs: readonly string[], flag: string): string[] =>
  extraArgs
    .filter((argument) => argument.startsWith(`${flag}=`))
    .flatMap((argument) => argument.slice(flag.length + 1).split(','));

const isMatchingOnly = (argument: string): boolean => isAny(argument, MATCHING) && !isAny(argument, ANALYSIS);

const isAny = (argument: string, ...flags: readonly ReadonlySet<string>[]): boolean =>
  flags.some((known) => known.has(argument.split('=', 1)[0] ?? ''));
