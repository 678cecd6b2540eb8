import { z } from 'zod';
export declare const TrivyUsed: z.ZodObject<
  {
    version: z.ZodString;
    db_updated_at: z.ZodNullable<z.ZodISODateTime>;
    db_stale: z.ZodBoolean;
  },
  z.core.$strip
>;
export type TrivyUsed = z.infer<typeof TrivyUsed>;
export declare const FindingFilter: z.ZodObject<
  {
    severities: z.ZodArray<
      z.ZodEnum<{
        CRITICAL: 'CRITICAL';
        HIGH: 'HIGH';
        LOW: 'LOW';
        MEDIUM: 'MEDIUM';
        UNKNOWN: 'UNKNOWN';
      }>
    >;
    extra_args: z.ZodArray<z.ZodString>;
  },
  z.core.$strip
>;
export type FindingFilter = z.infer<typeof FindingFilter>;
export declare const ContainerReport: z.ZodObject<
  {
    name: z.ZodString;
    state: z.ZodString;
    compose_project: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type ContainerReport = z.infer<typeof ContainerReport>;
export declare const BaselineReport: z.ZodObject<
  {
    reference: z.ZodString;
    state: z.ZodEnum<{
      accepted: 'accepted';
      none: 'none';
      pending: 'pending';
    }>;
    changes: z.ZodObject<
      {
        new: z.ZodArray<z.ZodString>;
        resolved: z.ZodArray<z.ZodString>;
        severity_raised: z.ZodArray<z.ZodString>;
        fix_available: z.ZodArray<z.ZodString>;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type BaselineReport = z.infer<typeof BaselineReport>;
/** What is said of one image, in every document and every rendering. */
export declare const ImageReport: z.ZodObject<
  {
    id: z.ZodNullable<z.ZodString>;
    references: z.ZodArray<z.ZodString>;
    source: z.ZodEnum<{
      archive: 'archive';
      docker: 'docker';
      remote: 'remote';
    }>;
    containers: z.ZodNullable<
      z.ZodArray<
        z.ZodObject<
          {
            name: z.ZodString;
            state: z.ZodString;
            compose_project: z.ZodNullable<z.ZodString>;
          },
          z.core.$strip
        >
      >
    >;
    status: z.ZodEnum<{
      complete: 'complete';
      failed: 'failed';
      skipped: 'skipped';
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
    coverage: z.ZodNullable<
      z.ZodEnum<{
        eol: 'eol';
        full: 'full';
        partial: 'partial';
        unsupported: 'unsupported';
      }>
    >;
    reused: z.ZodEnum<{
      analysis: 'analysis';
      none: 'none';
      result: 'result';
    }>;
    counts: z.ZodObject<
      {
        critical: z.ZodNumber;
        high: z.ZodNumber;
        medium: z.ZodNumber;
        low: z.ZodNumber;
        unknown: z.ZodNumber;
      },
      z.core.$strip
    >;
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
    baselines: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          state: z.ZodEnum<{
            accepted: 'accepted';
            none: 'none';
            pending: 'pending';
          }>;
          changes: z.ZodObject<
            {
              new: z.ZodArray<z.ZodString>;
              resolved: z.ZodArray<z.ZodString>;
              severity_raised: z.ZodArray<z.ZodString>;
              fix_available: z.ZodArray<z.ZodString>;
            },
            z.core.$strip
          >;
        },
        z.core.$strip
      >
    >;
    log: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type ImageReport = z.infer<typeof ImageReport>;
export declare const Totals: z.ZodObject<
  {
    images: z.ZodNumber;
    scanned: z.ZodNumber;
    reused: z.ZodNumber;
    failed: z.ZodNumber;
    skipped: z.ZodNumber;
    new: z.ZodNumber;
    resolved: z.ZodNumber;
    advisories: z.ZodObject<
      {
        new: z.ZodNumber;
        resolved: z.ZodNumber;
        severity_raised: z.ZodNumber;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type Totals = z.infer<typeof Totals>;
/** What `gts host scan --json` prints. */
export declare const HostScanDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.host-scan/1'>;
    demonstration: z.ZodOptional<z.ZodBoolean>;
    started_at: z.ZodISODateTime;
    finished_at: z.ZodISODateTime;
    trivy: z.ZodObject<
      {
        version: z.ZodString;
        db_updated_at: z.ZodNullable<z.ZodISODateTime>;
        db_stale: z.ZodBoolean;
      },
      z.core.$strip
    >;
    filter: z.ZodObject<
      {
        severities: z.ZodArray<
          z.ZodEnum<{
            CRITICAL: 'CRITICAL';
            HIGH: 'HIGH';
            LOW: 'LOW';
            MEDIUM: 'MEDIUM';
            UNKNOWN: 'UNKNOWN';
          }>
        >;
        extra_args: z.ZodArray<z.ZodString>;
      },
      z.core.$strip
    >;
    images: z.ZodArray<
      z.ZodObject<
        {
          id: z.ZodNullable<z.ZodString>;
          references: z.ZodArray<z.ZodString>;
          source: z.ZodEnum<{
            archive: 'archive';
            docker: 'docker';
            remote: 'remote';
          }>;
          containers: z.ZodNullable<
            z.ZodArray<
              z.ZodObject<
                {
                  name: z.ZodString;
                  state: z.ZodString;
                  compose_project: z.ZodNullable<z.ZodString>;
                },
                z.core.$strip
              >
            >
          >;
          status: z.ZodEnum<{
            complete: 'complete';
            failed: 'failed';
            skipped: 'skipped';
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
          coverage: z.ZodNullable<
            z.ZodEnum<{
              eol: 'eol';
              full: 'full';
              partial: 'partial';
              unsupported: 'unsupported';
            }>
          >;
          reused: z.ZodEnum<{
            analysis: 'analysis';
            none: 'none';
            result: 'result';
          }>;
          counts: z.ZodObject<
            {
              critical: z.ZodNumber;
              high: z.ZodNumber;
              medium: z.ZodNumber;
              low: z.ZodNumber;
              unknown: z.ZodNumber;
            },
            z.core.$strip
          >;
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
          baselines: z.ZodArray<
            z.ZodObject<
              {
                reference: z.ZodString;
                state: z.ZodEnum<{
                  accepted: 'accepted';
                  none: 'none';
                  pending: 'pending';
                }>;
                changes: z.ZodObject<
                  {
                    new: z.ZodArray<z.ZodString>;
                    resolved: z.ZodArray<z.ZodString>;
                    severity_raised: z.ZodArray<z.ZodString>;
                    fix_available: z.ZodArray<z.ZodString>;
                  },
                  z.core.$strip
                >;
              },
              z.core.$strip
            >
          >;
          log: z.ZodNullable<z.ZodString>;
        },
        z.core.$strip
      >
    >;
    totals: z.ZodObject<
      {
        images: z.ZodNumber;
        scanned: z.ZodNumber;
        reused: z.ZodNumber;
        failed: z.ZodNumber;
        skipped: z.ZodNumber;
        new: z.ZodNumber;
        resolved: z.ZodNumber;
        advisories: z.ZodObject<
          {
            new: z.ZodNumber;
            resolved: z.ZodNumber;
            severity_raised: z.ZodNumber;
          },
          z.core.$strip
        >;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type HostScanDocument = z.infer<typeof HostScanDocument>;
/** What `gts image --format json` prints. */
export declare const ImageDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.image/1'>;
    demonstration: z.ZodOptional<z.ZodBoolean>;
    started_at: z.ZodISODateTime;
    finished_at: z.ZodISODateTime;
    trivy: z.ZodObject<
      {
        version: z.ZodString;
        db_updated_at: z.ZodNullable<z.ZodISODateTime>;
        db_stale: z.ZodBoolean;
      },
      z.core.$strip
    >;
    filter: z.ZodObject<
      {
        severities: z.ZodArray<
          z.ZodEnum<{
            CRITICAL: 'CRITICAL';
            HIGH: 'HIGH';
            LOW: 'LOW';
            MEDIUM: 'MEDIUM';
            UNKNOWN: 'UNKNOWN';
          }>
        >;
        extra_args: z.ZodArray<z.ZodString>;
      },
      z.core.$strip
    >;
    images: z.ZodArray<
      z.ZodObject<
        {
          id: z.ZodNullable<z.ZodString>;
          references: z.ZodArray<z.ZodString>;
          source: z.ZodEnum<{
            archive: 'archive';
            docker: 'docker';
            remote: 'remote';
          }>;
          containers: z.ZodNullable<
            z.ZodArray<
              z.ZodObject<
                {
                  name: z.ZodString;
                  state: z.ZodString;
                  compose_project: z.ZodNullable<z.ZodString>;
                },
                z.core.$strip
              >
            >
          >;
          status: z.ZodEnum<{
            complete: 'complete';
            failed: 'failed';
            skipped: 'skipped';
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
          coverage: z.ZodNullable<
            z.ZodEnum<{
              eol: 'eol';
              full: 'full';
              partial: 'partial';
              unsupported: 'unsupported';
            }>
          >;
          reused: z.ZodEnum<{
            analysis: 'analysis';
            none: 'none';
            result: 'result';
          }>;
          counts: z.ZodObject<
            {
              critical: z.ZodNumber;
              high: z.ZodNumber;
              medium: z.ZodNumber;
              low: z.ZodNumber;
              unknown: z.ZodNumber;
            },
            z.core.$strip
          >;
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
          baselines: z.ZodArray<
            z.ZodObject<
              {
                reference: z.ZodString;
                state: z.ZodEnum<{
                  accepted: 'accepted';
                  none: 'none';
                  pending: 'pending';
                }>;
                changes: z.ZodObject<
                  {
                    new: z.ZodArray<z.ZodString>;
                    resolved: z.ZodArray<z.ZodString>;
                    severity_raised: z.ZodArray<z.ZodString>;
                    fix_available: z.ZodArray<z.ZodString>;
                  },
                  z.core.$strip
                >;
              },
              z.core.$strip
            >
          >;
          log: z.ZodNullable<z.ZodString>;
        },
        z.core.$strip
      >
    >;
    totals: z.ZodObject<
      {
        images: z.ZodNumber;
        scanned: z.ZodNumber;
        reused: z.ZodNumber;
        failed: z.ZodNumber;
        skipped: z.ZodNumber;
        new: z.ZodNumber;
        resolved: z.ZodNumber;
        advisories: z.ZodObject<
          {
            new: z.ZodNumber;
            resolved: z.ZodNumber;
            severity_raised: z.ZodNumber;
          },
          z.core.$strip
        >;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type ImageDocument = z.infer<typeof ImageDocument>;
/** What every rendering takes: either of the two. */
export type ScanDocument = HostScanDocument | ImageDocument;
