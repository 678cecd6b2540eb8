import { compareSeverity, type NoticeFinding } from '@scanner/core';

import { acceptanceInWords } from './acceptance-words.ts';
import { causesInWords, fixInWords, inert, namesInWords, versionInWords } from './notice-words.ts';
import type { Advisory, Entry } from './page.ts';
import { secureAddress } from './secure-address.ts';

export interface EntryOptions {
  /** Gone: what to change to does not matter any more. */
  readonly resolved: boolean;
  /** The cause that explains the whole list, and stands above it. */
  readonly common: string | null;
  /** How many packages or places an entry names. */
  readonly names: number;
  /** How many advisories of an entry have their titles. */
  readonly titles: number;
  readonly timeZone: string;
}

/** Advisories that are told in one go: each of them is in each of the packages, at each of the places. */
interface Bundle {
  readonly findings: readonly NoticeFinding[];
  readonly packages: readonly string[];
  readonly paths: readonly string[];
}

/**
 * One entry for what one upgrade fixes: the advisories of a package at one place with the same versions, and packages
 * or places with the same advisories.
 */
export const entriesOf = (findings: readonly NoticeFinding[], options: EntryOptions): Entry[] => {
  // What fixes something does not matter once it is gone.
  const shown = options.resolved ? findings.map((finding) => ({ ...finding, fixed: null })) : findings;
  const ofPackages = [...Map.groupBy(shown, packageAndVersions).values()].map(bundleOf);
  const packagesTogether = merge(ofPackages, ({ paths }) => paths);
  return merge(packagesTogether, ({ packages }) => packages).map((bundle) => entryOf(bundle, options));
};

const packageAndVersions = (finding: NoticeFinding): string =>
  JSON.stringify([finding.package ?? [finding.key], finding.path, versionsAndCause(finding)]);

const versionsAndCause = ({ installed, fixed, raisedFrom, causes, acceptance }: NoticeFinding): unknown[] => [
  installed,
  fixed,
  raisedFrom,
  causes,
  acceptance ?? null,
];

const bundleOf = (findings: readonly NoticeFinding[]): Bundle => ({
  findings,
  packages: findings.slice(0, 1).map(({ package: name }) => name ?? 'any package'),
  paths: findings.slice(0, 1).flatMap(({ path }) => path ?? []),
});

/** Bundles of the same advisories, as long as what `same` names is the same too. */
const merge = (bundles: readonly Bundle[], same: (bundle: Bundle) => readonly string[]): Bundle[] =>
  [...Map.groupBy(bundles, (bundle) => `${advisoriesOf(bundle)}\n${JSON.stringify(same(bundle))}`).values()].flatMap(
    (equal) => {
      const [first] = equal;
      if (first === undefined) return [];
      return [
        {
          findings: first.findings,
          packages: [...new Set(equal.flatMap(({ packages }) => packages))],
          paths: [...new Set(equal.flatMap(({ paths }) => paths))],
        },
      ];
    },
  );

const advisoriesOf = ({ findings }: Bundle): string => {
  const [first] = findings;
  const marks = findings.map(({ vulnerability, severity }) => `${vulnerability} ${severity}`).toSorted();
  return JSON.stringify([first === undefined ? null : versionsAndCause(first), marks]);
};

const entryOf = ({ findings, packages, paths }: Bundle, options: EntryOptions): Entry => {
  const { resolved, common, names, titles, timeZone } = options;
  const worstFirst = findings.toSorted((a, b) => compareSeverity(severityOf(b), severityOf(a)));
  const [first] = worstFirst;
  const isAlike = new Set(worstFirst.map(severityOf)).size === 1;
  const cause = first === undefined ? null : causesInWords(first.causes);
  return {
    severity: first === undefined ? 'UNKNOWN' : severityOf(first),
    package: namesInWords({ items: packages, total: packages.length }, names),
    versions: first === undefined ? '' : resolved ? versionInWords(first) : fixInWords(first),
    advisories: worstFirst.map((finding) => advisoryOf(finding, isAlike)),
    details: [
      ...(paths.length === 0 ? [] : [`in ${namesInWords({ items: paths, total: paths.length }, names)}`]),
      ...(first === undefined ? [] : acceptanceInWords(first, timeZone)),
      ...(first === undefined || first.raisedFrom === null ? [] : [`raised from ${first.raisedFrom}`]),
      ...(cause === null || cause === common ? [] : [`because ${cause}`]),
    ],
    isDense: findings.length > titles,
  };
};

const severityOf = ({ severity }: NoticeFinding): Entry['severity'] => severity ?? 'UNKNOWN';

const advisoryOf = (finding: NoticeFinding, isAlike: boolean): Advisory => ({
  severity: isAlike ? null : severityOf(finding),
  vulnerability: inert(finding.vulnerability),
  title: finding.title === null || finding.title === undefined || finding.title === '' ? null : inert(finding.title),
  address: secureAddress(finding.url),
});
