import { compareFindings, findingKey, SEVERITIES } from '@scanner/core';
import type { Finding, Severity } from '@scanner/core';

import type { Report, ReportResult, ReportVulnerability } from './report-schema.ts';

const MAX_NAME = 1024;
const MAX_TITLE = 4096;
const MAX_URL = 2048;
const MAX_ALIASES = 32;

/** Every finding of a report once, in the order of {@link compareFindings}. */
export const findingsOf = (report: Report): Finding[] =>
  eachFindingOnce(
    (report.Results ?? []).flatMap((result) =>
      (result.Vulnerabilities ?? []).map((vulnerability) => toFinding(result, vulnerability)),
    ),
  );

/** Every finding once, in the order of {@link compareFindings}. */
export const eachFindingOnce = (findings: readonly Finding[]): Finding[] => {
  const unique = new Map<string, Finding>();
  for (const finding of findings.toSorted(compareFindings)) {
    const identity = `${finding.key}\0${finding.installed}`;
    if (!unique.has(identity)) unique.set(identity, finding);
  }
  return [...unique.values()];
};

const toFinding = (result: ReportResult, reported: ReportVulnerability): Finding => {
  const path = pathOf(result, reported);
  const vulnerability = bounded(reported.VulnerabilityID, MAX_NAME);
  const name = bounded(reported.PkgName, MAX_NAME);
  return {
    key: findingKey({ vulnerability, package: identityOf(result, reported, name), path }),
    vulnerability,
    package: name,
    path,
    installed: bounded(reported.InstalledVersion ?? '', MAX_NAME),
    fixed: textOrNull(reported.FixedVersion, MAX_NAME),
    severity: severityOf(reported.Severity),
    status: typeof reported.Status === 'string' ? textOrNull(reported.Status, MAX_NAME) : null,
    title: textOrNull(reported.Title, MAX_TITLE),
    url: urlOf(reported.PrimaryURL),
    ...aliasesOf(vulnerability, reported.VendorIDs),
  };
};

/** What may be the name of an advisory, as `GHSA-…`, `CVE-…`, `DSA-5417-1`, `RHSA-2024:1234`. */
const ADVISORY_ID = /^[A-Za-z][A-Za-z0-9]*-[A-Za-z0-9:._-]{1,120}$/;

const aliasesOf = (vulnerability: string, vendorIds: ReportVulnerability['VendorIDs']): { aliases?: string[] } => {
  const named = (vendorIds ?? []).filter((id): id is string => typeof id === 'string' && ADVISORY_ID.test(id));
  const aliases = [...new Set(named)].filter((id) => id !== vulnerability).slice(0, MAX_ALIASES);
  return aliases.length === 0 ? {} : { aliases };
};

const identityOf = (
  result: ReportResult,
  reported: ReportVulnerability,
  name: string,
): { purl: string } | { resultType: string; name: string } => {
  const purl = textOrNull(reported.PkgIdentifier?.PURL, 2 * MAX_NAME);
  return purl === null ? { resultType: bounded(result.Type ?? '', MAX_NAME), name } : { purl };
};

/** Targets that stand for all packages of a kind: not a place in the image. */
const LABELS: ReadonlySet<string> = new Set(['Conda', 'Java', 'Kubernetes', 'Node.js', 'Python', 'Ruby']);

const pathOf = (result: ReportResult, { PkgPath }: ReportVulnerability): string | null => {
  if (result.Class === 'os-pkgs') return null;
  const path = textOrNull(PkgPath, MAX_TITLE);
  if (path !== null || result.Class !== 'lang-pkgs') return path;
  const target = textOrNull(result.Target, MAX_TITLE);
  return target === null || LABELS.has(target) ? null : target;
};

const severityOf = (severity: string | null | undefined): Severity =>
  SEVERITIES.find((known) => known === severity?.toUpperCase()) ?? 'UNKNOWN';

const urlOf = (url: string | null | undefined): string | null => {
  const bare = textOrNull(url, MAX_URL + 1);
  if (bare === null || bare.length > MAX_URL) return null;
  const protocol = URL.parse(bare)?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? bare : null;
};

const textOrNull = (text: string | null | undefined, max: number): string | null =>
  text === null || text === undefined || text === '' ? null : bounded(text, max);

/** Kept as it came, but for its length and for what no storage takes: NUL and halves of characters. */
const bounded = (text: string, max: number): string => text.slice(0, max).replaceAll('\0', '\u{FFFD}').toWellFormed();
