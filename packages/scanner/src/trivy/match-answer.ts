import { z } from 'zod';

import { STATUSES } from './match-options.ts';
import type { MatchOptions } from './match-options.ts';
import { type Report, type ReportResult, type ReportVulnerability, VendorIds } from './report-schema.ts';

const text = z.string().nullish();

const Vulnerability = z.object({
  vulnerability_id: z.string().min(1),
  pkg_id: text,
  pkg_name: z.string().min(1),
  pkg_path: text,
  pkg_identifier: z.object({ purl: text }).nullish(),
  installed_version: text,
  fixed_version: text,
  status: z.number().int().nullish(),
  severity: text,
  primary_url: text,
  title: text,
  vendor_ids: VendorIds,
});
type Vulnerability = z.infer<typeof Vulnerability>;

const MatchResult = z.object({
  target: text,
  class: text,
  type: text,
  vulnerabilities: z.array(Vulnerability).nullish(),
});

/** The part of what Trivy's server answers to `Scan` that is read here (0.72 to 0.74): a report before its filters. */
export const MatchAnswer = z.object({
  os: z
    .object({
      family: text,
      name: text,
      eosl: z.boolean().nullish(),
      extended: z.boolean().nullish().catch(null),
      supplier: text.catch(null),
    })
    .nullish(),
  results: z.array(MatchResult).nullish(),
});
export type MatchAnswer = z.infer<typeof MatchAnswer>;

/** The answer as the report that a Trivy process would have written: filtered, and each finding once. */
export const reportOf = ({ os, results }: MatchAnswer, { ignoredStatuses }: MatchOptions): Report => ({
  SchemaVersion: 2,
  Metadata: os?.family
    ? { OS: { Family: os.family, Name: os.name, EOSL: os.eosl, Supplier: os.supplier, extended: os.extended } }
    : {},
  Results: (results ?? []).map((result): ReportResult => ({
    Target: result.target,
    Class: result.class,
    Type: result.type,
    Vulnerabilities: eachOnce(
      (result.vulnerabilities ?? []).filter(({ status }) => !ignoredStatuses.has(statusName(status))),
    ).map(reported),
  })),
});

/** Trivy keeps, of those it takes for one, that with the greatest text for the version that mends it. */
const eachOnce = (vulnerabilities: readonly Vulnerability[]): Vulnerability[] => {
  const unique = new Map<string, Vulnerability>();
  for (const vulnerability of vulnerabilities) {
    const { vulnerability_id, pkg_id, pkg_name, installed_version, pkg_path } = vulnerability;
    const identity = [vulnerability_id, pkg_id, pkg_name, installed_version, pkg_path]
      .map((part) => part ?? '')
      .join('/');
    const before = unique.get(identity);
    if (before === undefined || isLess(before.fixed_version ?? '', vulnerability.fixed_version ?? ''))
      unique.set(identity, vulnerability);
  }
  return [...unique.values()];
};

/** By bytes, as Go compares. */
const isLess = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const statusName = (status: number | null | undefined): string => STATUSES[status ?? 0] ?? 'unknown';

const reported = (found: Vulnerability): ReportVulnerability => ({
  VulnerabilityID: found.vulnerability_id,
  PkgName: found.pkg_name,
  PkgPath: found.pkg_path,
  PkgIdentifier: found.pkg_identifier && { PURL: found.pkg_identifier.purl },
  InstalledVersion: found.installed_version,
  FixedVersion: found.fixed_version,
  Status: found.status ? statusName(found.status) : null,
  Severity: found.severity,
  PrimaryURL: found.primary_url,
  Title: found.title,
  VendorIDs: found.vendor_ids,
});

/** Whether Trivy could judge the system's packages: of a system that it does not support there is no result. */
export const judgesSystem = ({ results }: MatchAnswer): boolean =>
  (results ?? []).some((result) => result.class === 'os-pkgs');
