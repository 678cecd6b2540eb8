import { ScannerError } from '@scanner/core';

/** What {@link installTrivy} gets unless told otherwise, and the newest release that everything here is tested with. */
export const PINNED_VERSION = '0.74.0';

const REFUSED = new Set(['0.69.4', '0.69.5', '0.69.6']);
const OLDEST: Triple = [0, 57, 1];
const FIRST_WITHOUT_ADVISORIES: Triple = [0, 72, 0];

const USE_PINNED = `use ${PINNED_VERSION}: gts trivy install`;

type Triple = readonly [number, number, number];

/**
 * What is to be said of a version that may be used.
 *
 * @param where what has that version, for the message, e.g. its path
 * @returns warnings, as sentences
 * @throws ScannerError `trivy_refused` when it must not be used
 */
export const judgeVersion = (version: string, where: string): readonly string[] => {
  const triple = parseVersion(version);
  if (triple === null) {
    throw new ScannerError(`Trivy ${JSON.stringify(version)} (${where}) does not say which release it is`, {
      code: 'trivy_refused',
      hint: `some releases are unsafe, so it must be known; ${USE_PINNED}`,
    });
  }
  refuseUnsafe(triple, version, where);
  if (compareTriples(triple, FIRST_WITHOUT_ADVISORIES) < 0) {
    return [
      `Trivy ${version} (${where}) has known vulnerabilities of its own (GHSA-mcj4-mphf-j9ff, GHSA-8rc5-4fr6-64pw), fixed in 0.72.0`,
    ];
  }
  return [];
};

const refuseUnsafe = (triple: Triple, version: string, where: string): void => {
  if (REFUSED.has(triple.join('.'))) {
    throw new ScannerError(
      `Trivy ${version} (${where}) is refused: releases 0.69.4 to 0.69.6 carried malicious code (supply-chain compromise of March 2026, GHSA-69fq-xp46-6x23)`,
      {
        code: 'trivy_refused',
        hint: `remove it, treat every secret it could read as stolen, and ${USE_PINNED}`,
      },
    );
  }
  if (compareTriples(triple, OLDEST) < 0) {
    throw new ScannerError(`Trivy ${version} (${where}) is too old: at least ${OLDEST.join('.')} is needed`, {
      code: 'trivy_refused',
      hint: USE_PINNED,
    });
  }
};

/** Newest first, and what is no version last. */
export const compareForUse = (a: string, b: string): number => {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareTriples(right, left);
};

/** How far scans by layers can be relied on with a release. */
export type LayerwiseTrust =
  /** Tested with everything here. */
  | 'tested'
  /** Newer than what is tested: to be measured first. */
  | 'to be measured'
  /** Older than what scans by layers are made for. */
  | 'none';

export const layerwiseTrust = (version: string): LayerwiseTrust => {
  const triple = parseVersion(version);
  if (triple === null || compareTriples(triple, FIRST_WITHOUT_ADVISORIES) < 0) return 'none';
  return isNewerThanPinned(triple) ? 'to be measured' : 'tested';
};

/** Patches of the pinned release count as tested with it. */
const isNewerThanPinned = ([major, minor]: Triple): boolean => {
  const [pinnedMajor = 0, pinnedMinor = 0] = parseVersion(PINNED_VERSION) ?? [];
  return compareTriples([major, minor, 0], [pinnedMajor, pinnedMinor, 0]) > 0;
};

/** Whether `a` is the same release as `b` or a later one; false when either is no version. */
export const isAtLeast = (a: string, b: string): boolean => {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left !== null && right !== null && compareTriples(left, right) >= 0;
};

/** The release's three numbers: a leading `v`, pre-release and build suffixes do not make it another one. */
const parseVersion = (version: string): Triple | null => {
  const match = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[\-+~].*)?$/v.exec(version);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
};

const compareTriples = (a: Triple, b: Triple): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
