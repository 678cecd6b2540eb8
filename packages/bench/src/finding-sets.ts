import type { Finding, HostScanDocument, Severity } from '@scanner/core';
import { z } from 'zod';

/** For each reference what was found: each finding in one text that begins with its severity. */
export type FindingSets = ReadonlyMap<string, ReadonlySet<string>>;

/** What has to be the same of a finding, whoever found it. */
interface Compared extends Pick<Finding, 'vulnerability' | 'package' | 'path' | 'installed' | 'fixed'> {
  readonly severity: string;
}

const PlainReport = z.object({
  Results: z
    .array(
      z.object({
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              PkgPath: z.string().default(''),
              InstalledVersion: z.string(),
              FixedVersion: z.string().default(''),
              Severity: z.string(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** What a report of Trivy's own, as JSON text, holds. Throws when it is none. */
export function plainFindings(report: string): ReadonlySet<string> {
  const { Results } = PlainReport.parse(JSON.parse(report));
  const vulnerabilities = (Results ?? []).flatMap((result) => result.Vulnerabilities ?? []);
  return new Set(
    vulnerabilities.map((found) =>
      textOf({
        vulnerability: found.VulnerabilityID,
        package: found.PkgName,
        path: found.PkgPath === '' ? null : found.PkgPath,
        installed: found.InstalledVersion,
        fixed: found.FixedVersion === '' ? null : found.FixedVersion,
        severity: found.Severity,
      }),
    ),
  );
}

/** The same of findings of ours. */
export function findingSet(findings: readonly Compared[]): ReadonlySet<string> {
  return new Set(findings.map(textOf));
}

/** What a host scan found. References of images that could not be scanned are missing. */
export function hostScanFindings({ images }: Pick<HostScanDocument, 'images'>): FindingSets {
  const sets = images
    .filter(({ status }) => status === 'complete')
    .flatMap(({ references, findings }) => {
      const found = findingSet(findings);
      return references.map((reference) => [reference, found] as const);
    });
  return new Map(sets);
}

/** Only what is of these severities. */
export function ofSeverities(sets: FindingSets, severities: readonly Severity[]): FindingSets {
  const beginnings = severities.map((severity) => `${severity} `);
  const isMeant = (finding: string): boolean => beginnings.some((beginning) => finding.startsWith(beginning));
  return new Map([...sets].map(([reference, found]) => [reference, new Set([...found].filter(isMeant))]));
}

/** Where `actual` differs from `expected`, as sentences; none when they are equal. */
export function differences(expected: FindingSets, actual: FindingSets): string[] {
  const references = new Set([...expected.keys(), ...actual.keys()]);
  return [...references].flatMap((reference) => {
    const [wanted, found] = [expected.get(reference), actual.get(reference)];
    if (wanted === undefined) return [`${reference} should not be there`];
    if (found === undefined) return [`${reference} was not scanned`];
    return [
      ...[...wanted.difference(found)].map((finding) => `${reference} lacks ${finding}`),
      ...[...found.difference(wanted)].map((finding) => `${reference} has ${finding} in addition`),
    ];
  });
}

/** Names may come from hostile images, so they are written as JSON. */
function textOf({ vulnerability, package: name, path, installed, fixed, severity }: Compared): string {
  const remedy = fixed === null ? '' : `, fixed in ${JSON.stringify(fixed)}`;
  const place = path === null ? '' : ` at ${JSON.stringify(path)}`;
  return `${severity} ${vulnerability} in ${JSON.stringify(name)} ${JSON.stringify(installed)}${place}${remedy}`;
}
