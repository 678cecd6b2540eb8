import type { Coverage, Failure } from '@scanner/core';

import type { Contents } from './layer-contents.ts';
import type { System, SystemAdvisories } from './system-advisories.ts';

/** What Trivy says of an image's system. */
export interface SystemSeen extends Omit<System, 'repository'> {
  /** Whether Trivy has a way to judge such a system. */
  readonly isSupported: boolean;
  /** Whether it found anything in the system's packages. */
  readonly hasFindings: boolean;
  readonly isPastItsEnd: boolean;
}

/** How much of an image could be judged, and why not all of it. */
export interface Judged {
  readonly coverage: Coverage;
  readonly reason: Failure | null;
}

/** Of an image in which nothing was found. */
export const NOTHING_JUDGED: Judged = {
  coverage: 'unsupported',
  reason: { code: 'no_packages', message: 'no packages were found in it' },
};

/**
 * Judges by what the image holds in the end, and by what the database has advisories for.
 *
 * @param system null where system packages were not asked for
 */
export const coverageOf = (system: SystemSeen | null, contents: Contents, advisories: SystemAdvisories): Judged => {
  const gap = system === null ? null : systemGap(system, contents, advisories);
  const isSystemJudged = system !== null && contents.system && gap === null;
  if (!isSystemJudged && !contents.applications)
    return { ...NOTHING_JUDGED, reason: gap ?? otherGap(system, contents) ?? NOTHING_JUDGED.reason };
  const reason = gap ?? otherGap(system, contents);
  if (reason !== null) return { coverage: 'partial', reason };
  return { coverage: isSystemJudged && system.isPastItsEnd ? 'eol' : 'full', reason: null };
};

/** Why the system's packages could not be judged. */
const systemGap = (system: SystemSeen, contents: Contents, advisories: SystemAdvisories): Failure | null => {
  if (contents.system) return unjudgedSystem(system, contents, advisories);
  if (contents.databaseGone) return DATABASE_GONE;
  return isKnown(system) ? { ...NO_DATABASE, message: `${NO_DATABASE.message} (${nameOf(system)})` } : null;
};

const unjudgedSystem = (system: SystemSeen, contents: Contents, advisories: SystemAdvisories): Failure | null => {
  if (!isKnown(system)) return UNKNOWN_SYSTEM;
  if (!system.isSupported)
    return { code: 'no_advisories', message: `there are no advisories for ${unsupportedIn(system)}` };
  if (system.hasFindings || system.isPastItsEnd) return null;
  return advisories.has({ ...system, repository: contents.repository }) === 'no'
    ? { code: 'no_advisories', message: `the database has no advisories for ${nameOf(system)}` }
    : null;
};

/** Why something beside could not be judged. */
const otherGap = (system: SystemSeen | null, contents: Contents): Failure | null => {
  if (system !== null && contents.databaseGone) return DATABASE_GONE;
  return contents.unjudged ? UNJUDGED_PACKAGES : null;
};

/** ActiveState's images say that they are a system, and have no packages of one. */
const NO_SYSTEM: ReadonlySet<string> = new Set(['', 'none', 'activestate']);

const isKnown = ({ family }: SystemSeen): boolean => !NO_SYSTEM.has(family);

/** Red Hat's advisories are by repository. */
const unsupportedIn = (system: SystemSeen): string =>
  /^(?:redhat|centos)$/.test(system.family)
    ? `${nameOf(system)}, or none for the repositories that it was built from`
    : nameOf(system);

const nameOf = ({ family, release }: SystemSeen): string =>
  `${family} ${release}`
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .slice(0, 64)
    .toWellFormed()
    .trim();

const NO_DATABASE: Failure = { code: 'no_packages', message: 'its system has no package database' };
const DATABASE_GONE: Failure = {
  code: 'packages_deleted',
  message: 'a package database of its system was deleted by a later layer',
};
const UNKNOWN_SYSTEM: Failure = {
  code: 'unknown_system',
  message: 'it has packages of a system whose name and release are not known',
};
const UNJUDGED_PACKAGES: Failure = {
  code: 'no_advisories',
  message: 'there are no advisories for its Conda packages',
};
