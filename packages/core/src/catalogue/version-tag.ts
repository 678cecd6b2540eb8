/** A tag that reads as a version, e.g. `v1.2.3-alpine3.19`. */
export interface VersionTag {
  /** `[1, 2, 3]`; never empty. */
  readonly numbers: readonly number[];
  readonly prefix: '' | 'v';
  /** What follows the numbers without versions of its own, e.g. `alpine`; empty for a plain version. */
  readonly suffix: string;
  /** How far the suffix is from the plain image: 0 none, 1 a distribution's release, 2 slim, 3 alpine, 4 other. */
  readonly distance: number;
  /** Counts years rather than releases. */
  readonly isCalendar: boolean;
}

const VERSION = /^(v?)(\d{1,9}(?:\.\d{1,9}){0,4})(?:[-_](.+))?$/;
const FIRST_YEAR = 1900;
const SHORTEST_BUILD_NUMBER = 6;

const PLAIN_VERSION = /^v?[\d.]+$/;
const wordsIn = (...words: readonly string[]): RegExp =>
  new RegExp(`(?:^|[-_.+])(?:${words.join('|')})(?=$|[-_.+])`, 'i');

/** Also where they are glued to a number: 1.27rc2. */
const PRE_RELEASES = [
  '(?:alpha|beta|rc|milestone|pre|prerelease|preview|ea|dev|devel|develop|development|snapshot|canary|next|insiders?|nightly|daily|edge|tip|unstable|experimental|test|testing)\\d*',
  '(?:cr|m)\\d+',
  'v?\\d+(?:a|b|rc|alpha|beta|dev|pre|preview)\\d*',
];
/** Where it was built, or what may be a pre-release and may be a build number. */
const BRANCHES = ['(?:a|b|pr|master|main|trunk|feature|fix)\\d*'];
const OTHERS = [
  'debug|dbg',
  'windows[a-z\\d]*|nanoserver[a-z\\d]*|ltsc20\\d\\d',
  'amd64|arm64(?:v8)?|aarch64|arm32v\\d|armhf|armv\\d\\w?|arm|s390x|ppc64(?:le|el)?|riscv64|i?386|x86|x64|loong64|mips64le',
  // Commits: not a number alone.
  'sha|g?(?=\\d*[a-f])[\\da-f]{7,40}',
];
const PRE_RELEASE = wordsIn(...PRE_RELEASES);
const NO_RELEASE = wordsIn(...PRE_RELEASES, ...BRANCHES, ...OTHERS);
const DISTRIBUTION_RELEASE =
  /^(?:buster|bullseye|bookworm|trixie|forky|xenial|bionic|focal|jammy|noble|resolute|debian|ubuntu)$/;

/** Whether the tag names no release: a pre-release, a debug build, a single architecture, a commit or Windows. */
export const isNoRelease = (tag: string): boolean => !PLAIN_VERSION.test(tag) && NO_RELEASE.test(tag);

/** Whether the tag says of its image that it is a pre-release; the name of a branch says where it was built, no more. */
export const isPreRelease = (tag: string): boolean => !PLAIN_VERSION.test(tag) && PRE_RELEASE.test(tag);

/** Reads a tag as a version; null where it is none, or counts builds or days in one long number. */
export const parseVersionTag = (tag: string): VersionTag | null => {
  const [, prefix, dotted, rest = ''] = VERSION.exec(tag) ?? [];
  if (dotted === undefined) return null;
  const parts = dotted.split('.');
  if (parts.length === 1 && dotted.length >= SHORTEST_BUILD_NUMBER) return null;
  const suffix = tokens(rest).map(withoutVersion).filter(Boolean).join('-');
  return {
    numbers: parts.map(Number),
    prefix: prefix === 'v' ? 'v' : '',
    suffix,
    distance: distanceOf(suffix, rest),
    isCalendar: Number(parts[0]) >= FIRST_YEAR,
  };
};

/** Positive when `a` is the later version; the more precise one where one begins with the other. */
export const compareVersionNumbers = (a: readonly number[], b: readonly number[]): number => {
  for (const [index, number] of a.entries()) {
    const difference = number - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

const tokens = (text: string): string[] => text.toLowerCase().split(/[-_.+]/);

const withoutVersion = (token: string): string => token.replace(/\d+$/, '');

const distanceOf = (suffix: string, rest: string): number => {
  if (rest === '') return 0;
  if (DISTRIBUTION_RELEASE.test(suffix)) return 1;
  const words = suffix.split('-');
  if (words.every((word) => word === 'slim' || DISTRIBUTION_RELEASE.test(word))) return 2;
  return suffix === 'alpine' ? 3 : 4;
};
