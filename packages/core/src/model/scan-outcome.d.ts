import { z } from 'zod';
import type { Failure } from './failure.ts';
/**
 * How much of an image its scan could judge; never is anything but `full` the same as clean.
 * `partial`: something was left out. `unsupported`: no package database that Trivy knows.
 * `eol`: the distribution publishes no advisories any more. Strongest: partial, unsupported, eol.
 */
export declare const COVERAGES: readonly ['full', 'partial', 'unsupported', 'eol'];
export declare const Coverage: z.ZodEnum<{
  eol: 'eol';
  full: 'full';
  partial: 'partial';
  unsupported: 'unsupported';
}>;
export type Coverage = z.infer<typeof Coverage>;
/** What a scan that ended well found: every finding, whatever its severity. */
export declare const CompleteScan: z.ZodObject<
  {
    status: z.ZodLiteral<'complete'>;
    coverage: z.ZodEnum<{
      eol: 'eol';
      full: 'full';
      partial: 'partial';
      unsupported: 'unsupported';
    }>;
    reason: z.ZodNullable<
      z.ZodObject<
        {
          code: z.ZodEnum<{
            bad_reference: 'bad_reference';
            bad_report: 'bad_report';
            cache_unavailable: 'cache_unavailable';
            corrupt: 'corrupt';
            crashed: 'crashed';
            database_corrupt: 'database_corrupt';
            database_missing: 'database_missing';
            disk_full: 'disk_full';
            engine_forbidden: 'engine_forbidden';
            engine_unreachable: 'engine_unreachable';
            ignored: 'ignored';
            interrupted: 'interrupted';
            java_db_missing: 'java_db_missing';
            network: 'network';
            no_such_platform: 'no_such_platform';
            not_an_image: 'not_an_image';
            not_found: 'not_found';
            out_of_memory: 'out_of_memory';
            output_limit: 'output_limit';
            rate_limited: 'rate_limited';
            registry_error: 'registry_error';
            timeout: 'timeout';
            too_large: 'too_large';
            unauthorized: 'unauthorized';
            unknown: 'unknown';
            untagged: 'untagged';
          }>;
          message: z.ZodString;
        },
        z.core.$strip
      >
    >;
    os: z.ZodNullable<
      z.ZodObject<
        {
          family: z.ZodString;
          name: z.ZodString;
        },
        z.core.$strip
      >
    >;
    imageId: z.ZodNullable<z.ZodString>;
    digest: z.ZodNullable<z.ZodString>;
    layers: z.ZodArray<z.ZodString>;
    findings: z.ZodArray<
      z.ZodObject<
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
      >
    >;
    analysis: z.ZodEnum<{
      new: 'new';
      reused: 'reused';
    }>;
    scannedAt: z.ZodISODateTime;
    durationSeconds: z.ZodNumber;
  },
  z.core.$strip
>;
export type CompleteScan = z.infer<typeof CompleteScan>;
export interface FailedScan {
  readonly status: 'failed';
  readonly reason: Failure;
  /** Whether it would fail the same way for every other image: then the queue stops rather than fails them one by one. */
  readonly blocks: boolean;
  readonly durationSeconds: number;
}
export type ScanOutcome = CompleteScan | FailedScan;
