import { z } from 'zod';
/** One vulnerability in one package of one image. */
export declare const Finding: z.ZodObject<
  {
    key: z.ZodString;
    vulnerability: z.ZodString;
    package: z.ZodString;
    path: z.ZodNullable<z.ZodString>;
    installed: z.ZodString;
    fixed: z.ZodNullable<z.ZodString>;
    severity: z.ZodEnum<{
      CRITICAL: 'CRITICAL';
      HIGH: 'HIGH';
      LOW: 'LOW';
      MEDIUM: 'MEDIUM';
      UNKNOWN: 'UNKNOWN';
    }>;
    status: z.ZodNullable<z.ZodString>;
    title: z.ZodNullable<z.ZodString>;
    url: z.ZodNullable<z.ZodString>;
    aliases: z.ZodOptional<z.ZodArray<z.ZodString>>;
  },
  z.core.$strip
>;
export type Finding = z.infer<typeof Finding>;
export interface FindingIdentity {
  readonly vulnerability: string;
  /** The package URL when there is one; else what kind of result it stood in and the package's name. */
  readonly package:
    | {
        readonly purl: string;
      }
    | {
        readonly resultType: string;
        readonly name: string;
      };
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
export declare const findingKey: (identity: FindingIdentity) => string;
/** The keys that the finding would have under the other IDs of its vulnerability. */
export declare const aliasKeys: ({ key, aliases }: Pick<Finding, 'key' | 'aliases'>) => string[];
/** Worst first, what can be mended before what cannot, then by package, vulnerability and path. */
export declare const compareFindings: (a: Finding, b: Finding) => number;
