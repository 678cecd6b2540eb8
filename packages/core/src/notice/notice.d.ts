import { z } from 'zod';
/** A finding as a notice names it. */
export declare const NoticeFinding: z.ZodObject<
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
    raisedFrom: z.ZodNullable<
      z.ZodEnum<{
        CRITICAL: 'CRITICAL';
        HIGH: 'HIGH';
        LOW: 'LOW';
        MEDIUM: 'MEDIUM';
        UNKNOWN: 'UNKNOWN';
      }>
    >;
    url: z.ZodNullable<z.ZodString>;
    causes: z.ZodArray<
      z.ZodEnum<{
        acceptance_expired: 'acceptance_expired';
        baseline_changed: 'baseline_changed';
        coverage_changed: 'coverage_changed';
        database_newer: 'database_newer';
        image_updated: 'image_updated';
        scanner_newer: 'scanner_newer';
        setting_changed: 'setting_changed';
        severity_changed: 'severity_changed';
        withdrawn: 'withdrawn';
      }>
    >;
  },
  z.core.$strip
>;
export type NoticeFinding = z.infer<typeof NoticeFinding>;
/** What is the same for these references of one image. */
export declare const NoticeGroup: z.ZodObject<
  {
    references: z.ZodObject<
      {
        items: z.ZodArray<z.ZodString>;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    imageId: z.ZodNullable<z.ZodString>;
    containers: z.ZodNullable<
      z.ZodObject<
        {
          items: z.ZodArray<
            z.ZodObject<
              {
                name: z.ZodString;
                state: z.ZodString;
                compose_project: z.ZodNullable<z.ZodString>;
              },
              z.core.$strip
            >
          >;
          total: z.ZodNumber;
        },
        z.core.$strip
      >
    >;
    imageBefore: z.ZodNullable<z.ZodString>;
    startedFrom: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    new: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
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
              raisedFrom: z.ZodNullable<
                z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>
              >;
              url: z.ZodNullable<z.ZodString>;
              causes: z.ZodArray<
                z.ZodEnum<{
                  acceptance_expired: 'acceptance_expired';
                  baseline_changed: 'baseline_changed';
                  coverage_changed: 'coverage_changed';
                  database_newer: 'database_newer';
                  image_updated: 'image_updated';
                  scanner_newer: 'scanner_newer';
                  setting_changed: 'setting_changed';
                  severity_changed: 'severity_changed';
                  withdrawn: 'withdrawn';
                }>
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    resolved: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
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
              raisedFrom: z.ZodNullable<
                z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>
              >;
              url: z.ZodNullable<z.ZodString>;
              causes: z.ZodArray<
                z.ZodEnum<{
                  acceptance_expired: 'acceptance_expired';
                  baseline_changed: 'baseline_changed';
                  coverage_changed: 'coverage_changed';
                  database_newer: 'database_newer';
                  image_updated: 'image_updated';
                  scanner_newer: 'scanner_newer';
                  setting_changed: 'setting_changed';
                  severity_changed: 'severity_changed';
                  withdrawn: 'withdrawn';
                }>
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    severityRaised: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
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
              raisedFrom: z.ZodNullable<
                z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>
              >;
              url: z.ZodNullable<z.ZodString>;
              causes: z.ZodArray<
                z.ZodEnum<{
                  acceptance_expired: 'acceptance_expired';
                  baseline_changed: 'baseline_changed';
                  coverage_changed: 'coverage_changed';
                  database_newer: 'database_newer';
                  image_updated: 'image_updated';
                  scanner_newer: 'scanner_newer';
                  setting_changed: 'setting_changed';
                  severity_changed: 'severity_changed';
                  withdrawn: 'withdrawn';
                }>
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    fixAvailable: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
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
              raisedFrom: z.ZodNullable<
                z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>
              >;
              url: z.ZodNullable<z.ZodString>;
              causes: z.ZodArray<
                z.ZodEnum<{
                  acceptance_expired: 'acceptance_expired';
                  baseline_changed: 'baseline_changed';
                  coverage_changed: 'coverage_changed';
                  database_newer: 'database_newer';
                  image_updated: 'image_updated';
                  scanner_newer: 'scanner_newer';
                  setting_changed: 'setting_changed';
                  severity_changed: 'severity_changed';
                  withdrawn: 'withdrawn';
                }>
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    joined: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
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
              raisedFrom: z.ZodNullable<
                z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>
              >;
              url: z.ZodNullable<z.ZodString>;
              causes: z.ZodArray<
                z.ZodEnum<{
                  acceptance_expired: 'acceptance_expired';
                  baseline_changed: 'baseline_changed';
                  coverage_changed: 'coverage_changed';
                  database_newer: 'database_newer';
                  image_updated: 'image_updated';
                  scanner_newer: 'scanner_newer';
                  setting_changed: 'setting_changed';
                  severity_changed: 'severity_changed';
                  withdrawn: 'withdrawn';
                }>
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
  },
  z.core.$strip
>;
export type NoticeGroup = z.infer<typeof NoticeGroup>;
/** References that were met for the first time. */
export declare const FirstSeenGroup: z.ZodObject<
  {
    references: z.ZodObject<
      {
        items: z.ZodArray<z.ZodString>;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    imageId: z.ZodNullable<z.ZodString>;
    containers: z.ZodNullable<
      z.ZodObject<
        {
          items: z.ZodArray<
            z.ZodObject<
              {
                name: z.ZodString;
                state: z.ZodString;
                compose_project: z.ZodNullable<z.ZodString>;
              },
              z.core.$strip
            >
          >;
          total: z.ZodNumber;
        },
        z.core.$strip
      >
    >;
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
    fixable: z.ZodNumber;
    coverage: z.ZodEnum<{
      eol: 'eol';
      full: 'full';
      partial: 'partial';
      unsupported: 'unsupported';
    }>;
    baselineOf: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type FirstSeenGroup = z.infer<typeof FirstSeenGroup>;
/** One cause and everything that fails of it. */
export declare const FailureGroup: z.ZodObject<
  {
    reason: z.ZodObject<
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
    >;
    references: z.ZodObject<
      {
        items: z.ZodArray<z.ZodString>;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    everything: z.ZodBoolean;
    since: z.ZodISODateTime;
    passes: z.ZodNumber;
  },
  z.core.$strip
>;
export type FailureGroup = z.infer<typeof FailureGroup>;
/** What one pass has to tell, frozen when it was decided: whoever delivers it renders it and changes nothing. */
export declare const Notice: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.notice/1'>;
    decidedAt: z.ZodISODateTime;
    trivy: z.ZodNullable<
      z.ZodObject<
        {
          version: z.ZodString;
          db_updated_at: z.ZodNullable<z.ZodISODateTime>;
          db_stale: z.ZodBoolean;
        },
        z.core.$strip
      >
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
    totals: z.ZodObject<
      {
        images: z.ZodNumber;
        changedImages: z.ZodNumber;
        new: z.ZodNumber;
        resolved: z.ZodNumber;
        severityRaised: z.ZodNumber;
        firstSeen: z.ZodNumber;
        failing: z.ZodNumber;
        recovered: z.ZodNumber;
        worst: z.ZodNullable<
          z.ZodEnum<{
            CRITICAL: 'CRITICAL';
            HIGH: 'HIGH';
            LOW: 'LOW';
            MEDIUM: 'MEDIUM';
            UNKNOWN: 'UNKNOWN';
          }>
        >;
      },
      z.core.$strip
    >;
    changes: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
            {
              references: z.ZodObject<
                {
                  items: z.ZodArray<z.ZodString>;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              imageId: z.ZodNullable<z.ZodString>;
              containers: z.ZodNullable<
                z.ZodObject<
                  {
                    items: z.ZodArray<
                      z.ZodObject<
                        {
                          name: z.ZodString;
                          state: z.ZodString;
                          compose_project: z.ZodNullable<z.ZodString>;
                        },
                        z.core.$strip
                      >
                    >;
                    total: z.ZodNumber;
                  },
                  z.core.$strip
                >
              >;
              imageBefore: z.ZodNullable<z.ZodString>;
              startedFrom: z.ZodOptional<z.ZodNullable<z.ZodString>>;
              new: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              resolved: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              severityRaised: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              fixAvailable: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              joined: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    firstSeen: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
            {
              references: z.ZodObject<
                {
                  items: z.ZodArray<z.ZodString>;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              imageId: z.ZodNullable<z.ZodString>;
              containers: z.ZodNullable<
                z.ZodObject<
                  {
                    items: z.ZodArray<
                      z.ZodObject<
                        {
                          name: z.ZodString;
                          state: z.ZodString;
                          compose_project: z.ZodNullable<z.ZodString>;
                        },
                        z.core.$strip
                      >
                    >;
                    total: z.ZodNumber;
                  },
                  z.core.$strip
                >
              >;
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
              fixable: z.ZodNumber;
              coverage: z.ZodEnum<{
                eol: 'eol';
                full: 'full';
                partial: 'partial';
                unsupported: 'unsupported';
              }>;
              baselineOf: z.ZodNullable<z.ZodString>;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    failures: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
            {
              reason: z.ZodObject<
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
              >;
              references: z.ZodObject<
                {
                  items: z.ZodArray<z.ZodString>;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              everything: z.ZodBoolean;
              since: z.ZodISODateTime;
              passes: z.ZodNumber;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    recoveries: z.ZodObject<
      {
        items: z.ZodArray<z.ZodString>;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    unusableBaselines: z.ZodOptional<
      z.ZodObject<
        {
          items: z.ZodArray<
            z.ZodObject<
              {
                file: z.ZodString;
                problem: z.ZodString;
              },
              z.core.$strip
            >
          >;
          total: z.ZodNumber;
        },
        z.core.$strip
      >
    >;
    recovered: z.ZodNullable<
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
    repeated: z.ZodObject<
      {
        items: z.ZodArray<
          z.ZodObject<
            {
              references: z.ZodObject<
                {
                  items: z.ZodArray<z.ZodString>;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              imageId: z.ZodNullable<z.ZodString>;
              containers: z.ZodNullable<
                z.ZodObject<
                  {
                    items: z.ZodArray<
                      z.ZodObject<
                        {
                          name: z.ZodString;
                          state: z.ZodString;
                          compose_project: z.ZodNullable<z.ZodString>;
                        },
                        z.core.$strip
                      >
                    >;
                    total: z.ZodNumber;
                  },
                  z.core.$strip
                >
              >;
              imageBefore: z.ZodNullable<z.ZodString>;
              startedFrom: z.ZodOptional<z.ZodNullable<z.ZodString>>;
              new: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              resolved: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              severityRaised: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              fixAvailable: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
              joined: z.ZodObject<
                {
                  items: z.ZodArray<
                    z.ZodObject<
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
                        raisedFrom: z.ZodNullable<
                          z.ZodEnum<{
                            CRITICAL: 'CRITICAL';
                            HIGH: 'HIGH';
                            LOW: 'LOW';
                            MEDIUM: 'MEDIUM';
                            UNKNOWN: 'UNKNOWN';
                          }>
                        >;
                        url: z.ZodNullable<z.ZodString>;
                        causes: z.ZodArray<
                          z.ZodEnum<{
                            acceptance_expired: 'acceptance_expired';
                            baseline_changed: 'baseline_changed';
                            coverage_changed: 'coverage_changed';
                            database_newer: 'database_newer';
                            image_updated: 'image_updated';
                            scanner_newer: 'scanner_newer';
                            setting_changed: 'setting_changed';
                            severity_changed: 'severity_changed';
                            withdrawn: 'withdrawn';
                          }>
                        >;
                      },
                      z.core.$strip
                    >
                  >;
                  total: z.ZodNumber;
                },
                z.core.$strip
              >;
            },
            z.core.$strip
          >
        >;
        total: z.ZodNumber;
      },
      z.core.$strip
    >;
    notAccepted: z.ZodNullable<
      z.ZodObject<
        {
          count: z.ZodNumber;
          since: z.ZodNullable<z.ZodISODateTime>;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type Notice = z.infer<typeof Notice>;
/** How long a notice may be; counts are of items in all of it, unless told otherwise. */
export interface NoticeCaps {
  readonly groups: number;
  readonly findings: number;
  readonly references: number;
  readonly containers: number;
  readonly failures: number;
  /** Characters of any one name, version or address. */
  readonly text: number;
}
/** Holds a mail with text and HTML under 100 KB. */
export declare const NOTICE_CAPS: NoticeCaps;
