import { z } from 'zod';

import { compareSeverity, Severity } from './severity.ts';

/** One vulnerability in one package of one image. */
export const Finding = z.object({
  key: z.string().describe('What makes two findings the same across scans; see findingKey'),
  vulnerability: z.string().describe('CVE, GHSA or another advisory ID'),
  package: z.string().describe('The package as its own ecosystem names it'),
  path: z.string().nullable().describe('Where a language package lies inside the image; null for packages of the OS'),
  installed: z.string().describe('The installed version'),
  fixed: z
    .string()
    .nullable()
    .describe('The versions that mend it, as the advisory writes them; null while there is none'),
  severity: Severity,
  status: z.string().nullable().describe('What the vendor says of it: affected, fixed, will_not_fix, …'),
  title: z.string().nullable(),
  url: z.string().nullable(),
  aliases: z.array(z.string()).optional().describe('Other IDs of the vulnerability, where the report states them'),
});
export type Finding = z.infer<typeof Finding>;

export interface FindingIdentity {
  readonly vulnerability: string;
  /** The package URL when there is one; else what kind of result it stood in and the package's name. */
  readonly package: { readonly purl: string } | { readonly resultType: string; readonly name: string };
  readonly path: string | null;
}

/**
 * What makes two findings the same across scans: vulnerability, package without version or qualifiers
 * (they carry the point release), and the path for language packages.
 *
 * @example
 * findingKey({ vulnerability: 'CVE-2024-1', package: { purl: 'pkg:deb/debian/openssl@3.0.1?distro=debian-12.5' }, path: null })
 * // 'CVE-2024-1|pkg:deb/debian/openssl|'
 */
export const findingKey = (identity: FindingIdentity): string =>
  [identity.vulnerability, packageKey(identity.package), identity.path ?? ''].map(escapeSeparator).join('|');

const packageKey = (named: FindingIdentity['package']): string =>
  'purl' in named ? withoutVersion(named.purl) : `${named.resultType}/${named.name}`;

/** A purl's version starts at the last `@` after its last `/`: scoped names write their own `@` as `%40`. */
const withoutVersion = (purl: string): string => {
  const bare = purl.split(/[?#]/, 1)[0] ?? purl;
  const at = bare.lastIndexOf('@');
  return at > bare.lastIndexOf('/') ? bare.slice(0, at) : bare;
};

/** The keys that the finding would have under the other IDs of its vulnerability. */
export const aliasKeys = ({ key, aliases = [] }: Pick<Finding, 'key' | 'aliases'>): string[] => {
  const rest = key.slice(key.indexOf('|'));
  return aliases.map((alias) => `${escapeSeparator(alias)}${rest}`);
};

const escapeSeparator = (part: string): string => part.replaceAll('|', '%7C');

/** Worst first, what can be mended before what cannot, then by package, vulnerability and path. */
export const compareFindings = (a: Finding, b: Finding): number =>
  compareSeverity(b.severity, a.severity) ||
  Number(b.fixed !== null) - Number(a.fixed !== null) ||
  byCodeUnit(a.package, b.package) ||
  byCodeUnit(a.vulnerability, b.vulnerability) ||
  byCodeUnit(a.path ?? '', b.path ?? '') ||
  byCodeUnit(a.installed, b.installed);

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
