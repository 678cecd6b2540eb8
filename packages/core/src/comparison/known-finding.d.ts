import { z } from 'zod';
import type { Finding } from '../model/finding.ts';
import { Severity } from '../model/severity.ts';
/** A finding that people know of, as they know it. */
export declare const KnownFinding: z.ZodObject<
  {
    key: z.ZodString;
    vulnerability: z.ZodString;
    package: z.ZodNullable<z.ZodString>;
    path: z.ZodNullable<z.ZodString>;
    installed: z.ZodNullable<z.ZodString>;
    fixed: z.ZodNullable<z.ZodString>;
    severity: z.ZodNullable<
      z.ZodEnum<{
        CRITICAL: 'CRITICAL';
        HIGH: 'HIGH';
        LOW: 'LOW';
        MEDIUM: 'MEDIUM';
        UNKNOWN: 'UNKNOWN';
      }>
    >;
    url: z.ZodNullable<z.ZodString>;
    accepted: z.ZodBoolean;
    since: z.ZodNullable<z.ZodString>;
    expires: z.ZodNullable<z.ZodString>;
    status: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    aliases: z.ZodDefault<z.ZodArray<z.ZodString>>;
    untilFix: z.ZodDefault<z.ZodBoolean>;
    savedAs: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    firstFound: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    outside: z.ZodBoolean;
    foundWith: z.ZodNullable<z.ZodArray<z.ZodString>>;
  },
  z.core.$strip
>;
export type KnownFinding = z.infer<typeof KnownFinding>;
export interface Standing {
  readonly accepted: boolean;
  readonly since: string | null;
  readonly expires?: string | null;
  readonly untilFix?: boolean;
  readonly savedAs?: string | null;
  readonly firstFound?: string | null;
}
/** A finding as people know it from now on. */
export declare const knownFinding: (
  finding: Finding,
  { accepted, since, expires, untilFix, savedAs, firstFound }: Standing,
) => KnownFinding;
/** The key that accepts a vulnerability wherever it is found. */
export declare const anyPackageKey: (vulnerability: string) => string;
/** What a key says: the vulnerability, the package part (null: any package) and the path; null when it is not a key. */
export declare const parseFindingKey: (key: string) => {
  readonly vulnerability: string;
  readonly packagePart: string | null;
  readonly path: string | null;
} | null;
/** @param at ISO 8601 */
export declare const isExpired: (known: Pick<KnownFinding, 'expires'>, at: string) => boolean;
/** Whether it is accepted no more: its end has come, or it was accepted until there is a fix and now there is one. */
export declare const hasEnded: (
  known: Pick<KnownFinding, 'expires' | 'untilFix'>,
  found: Pick<Finding, 'fixed'>,
  at: string,
) => boolean;
/** The worse of two, where nothing said counts as no rating. */
export declare const worseSeverity: (a: Severity | null, b: Severity | null) => Severity | null;
