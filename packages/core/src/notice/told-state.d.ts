import { z } from 'zod';
/** Something that fails pass after pass. */
export declare const Failing: z.ZodObject<
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
    passes: z.ZodNumber;
    since: z.ZodISODateTime;
    told: z.ZodBoolean;
  },
  z.core.$strip
>;
export type Failing = z.infer<typeof Failing>;
/** A known finding that was not there the last time: resolved when a second look agrees. */
export declare const MissingFinding: z.ZodObject<
  {
    key: z.ZodString;
    since: z.ZodISODateTime;
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
    movedTo: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    agreed: z.ZodDefault<z.ZodBoolean>;
  },
  z.core.$strip
>;
export type MissingFinding = z.infer<typeof MissingFinding>;
/** What nobody was told yet: too small for a notice of its own, or decided while there was nobody to tell. */
export declare const Untold: z.ZodObject<
  {
    imageBefore: z.ZodNullable<z.ZodString>;
    fixAvailable: z.ZodArray<z.ZodString>;
    joined: z.ZodArray<z.ZodString>;
    startedFrom: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    recovered: z.ZodDefault<z.ZodBoolean>;
    firstSeen: z.ZodDefault<z.ZodBoolean>;
    new: z.ZodDefault<
      z.ZodArray<
        z.ZodObject<
          {
            key: z.ZodString;
            from: z.ZodNullable<
              z.ZodEnum<{
                CRITICAL: 'CRITICAL';
                HIGH: 'HIGH';
                LOW: 'LOW';
                MEDIUM: 'MEDIUM';
                UNKNOWN: 'UNKNOWN';
              }>
            >;
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
      >
    >;
    severityRaised: z.ZodDefault<
      z.ZodArray<
        z.ZodObject<
          {
            key: z.ZodString;
            from: z.ZodNullable<
              z.ZodEnum<{
                CRITICAL: 'CRITICAL';
                HIGH: 'HIGH';
                LOW: 'LOW';
                MEDIUM: 'MEDIUM';
                UNKNOWN: 'UNKNOWN';
              }>
            >;
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
      >
    >;
    resolved: z.ZodDefault<
      z.ZodArray<
        z.ZodObject<
          {
            finding: z.ZodObject<
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
      >
    >;
  },
  z.core.$strip
>;
export type Untold = z.infer<typeof Untold>;
/** What was told of one reference, and what telling more depends on. */
export declare const ReferenceState: z.ZodObject<
  {
    reference: z.ZodString;
    standing: z.ZodEnum<{
      accepted: 'accepted';
      pending: 'pending';
      unscanned: 'unscanned';
    }>;
    firstSeen: z.ZodISODateTime;
    baseline: z.ZodNullable<
      z.ZodObject<
        {
          revision: z.ZodString;
          from: z.ZodNullable<z.ZodString>;
          savedAt: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        },
        z.core.$strip
      >
    >;
    known: z.ZodArray<
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
      >
    >;
    unlisted: z.ZodNullable<
      z.ZodArray<
        z.ZodPipe<
          z.ZodUnion<
            readonly [
              z.ZodTuple<
                [
                  z.ZodString,
                  z.ZodArray<
                    z.ZodTuple<
                      [
                        z.ZodNullable<z.ZodISODateTime>,
                        z.ZodEnum<{
                          CRITICAL: 'CRITICAL';
                          HIGH: 'HIGH';
                          LOW: 'LOW';
                          MEDIUM: 'MEDIUM';
                          UNKNOWN: 'UNKNOWN';
                        }>,
                        z.ZodNullable<z.ZodString>,
                      ],
                      null
                    >
                  >,
                ],
                null
              >,
              z.ZodTuple<
                [
                  z.ZodString,
                  z.ZodEnum<{
                    CRITICAL: 'CRITICAL';
                    HIGH: 'HIGH';
                    LOW: 'LOW';
                    MEDIUM: 'MEDIUM';
                    UNKNOWN: 'UNKNOWN';
                  }>,
                ],
                null
              >,
            ]
          >,
          z.ZodTransform<
            [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]],
            | [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]]
            | [string, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN']
          >
        >
      >
    >;
    unlistedElsewhere: z.ZodDefault<
      z.ZodArray<
        z.ZodObject<
          {
            args: z.ZodArray<z.ZodString>;
            unlisted: z.ZodArray<
              z.ZodPipe<
                z.ZodUnion<
                  readonly [
                    z.ZodTuple<
                      [
                        z.ZodString,
                        z.ZodArray<
                          z.ZodTuple<
                            [
                              z.ZodNullable<z.ZodISODateTime>,
                              z.ZodEnum<{
                                CRITICAL: 'CRITICAL';
                                HIGH: 'HIGH';
                                LOW: 'LOW';
                                MEDIUM: 'MEDIUM';
                                UNKNOWN: 'UNKNOWN';
                              }>,
                              z.ZodNullable<z.ZodString>,
                            ],
                            null
                          >
                        >,
                      ],
                      null
                    >,
                    z.ZodTuple<
                      [
                        z.ZodString,
                        z.ZodEnum<{
                          CRITICAL: 'CRITICAL';
                          HIGH: 'HIGH';
                          LOW: 'LOW';
                          MEDIUM: 'MEDIUM';
                          UNKNOWN: 'UNKNOWN';
                        }>,
                      ],
                      null
                    >,
                  ]
                >,
                z.ZodTransform<
                  [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]],
                  | [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]]
                  | [string, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN']
                >
              >
            >;
          },
          z.core.$strip
        >
      >
    >;
    listings: z.ZodDefault<
      z.ZodArray<
        z.ZodObject<
          {
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
            at: z.ZodISODateTime;
            scan: z.ZodEnum<{
              doubtful: 'doubtful';
              partial: 'partial';
              whole: 'whole';
            }>;
          },
          z.core.$strip
        >
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
    scanned: z.ZodNullable<
      z.ZodObject<
        {
          imageId: z.ZodNullable<z.ZodString>;
          content: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          databaseGeneration: z.ZodNullable<z.ZodString>;
          trivyVersion: z.ZodNullable<z.ZodString>;
          filter: z.ZodNullable<
            z.ZodObject<
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
            >
          >;
        },
        z.core.$strip
      >
    >;
    settledImage: z.ZodNullable<z.ZodString>;
    settledContent: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    missing: z.ZodArray<
      z.ZodObject<
        {
          key: z.ZodString;
          since: z.ZodISODateTime;
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
          movedTo: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          agreed: z.ZodDefault<z.ZodBoolean>;
        },
        z.core.$strip
      >
    >;
    resolvedSince: z.ZodArray<
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
      >
    >;
    takenBack: z.ZodDefault<z.ZodArray<z.ZodString>>;
    movedSince: z.ZodArray<z.ZodTuple<[z.ZodString, z.ZodString], null>>;
    untold: z.ZodObject<
      {
        imageBefore: z.ZodNullable<z.ZodString>;
        fixAvailable: z.ZodArray<z.ZodString>;
        joined: z.ZodArray<z.ZodString>;
        startedFrom: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        recovered: z.ZodDefault<z.ZodBoolean>;
        firstSeen: z.ZodDefault<z.ZodBoolean>;
        new: z.ZodDefault<
          z.ZodArray<
            z.ZodObject<
              {
                key: z.ZodString;
                from: z.ZodNullable<
                  z.ZodEnum<{
                    CRITICAL: 'CRITICAL';
                    HIGH: 'HIGH';
                    LOW: 'LOW';
                    MEDIUM: 'MEDIUM';
                    UNKNOWN: 'UNKNOWN';
                  }>
                >;
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
          >
        >;
        severityRaised: z.ZodDefault<
          z.ZodArray<
            z.ZodObject<
              {
                key: z.ZodString;
                from: z.ZodNullable<
                  z.ZodEnum<{
                    CRITICAL: 'CRITICAL';
                    HIGH: 'HIGH';
                    LOW: 'LOW';
                    MEDIUM: 'MEDIUM';
                    UNKNOWN: 'UNKNOWN';
                  }>
                >;
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
          >
        >;
        resolved: z.ZodDefault<
          z.ZodArray<
            z.ZodObject<
              {
                finding: z.ZodObject<
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
          >
        >;
      },
      z.core.$strip
    >;
    listedAt: z.ZodNullable<z.ZodISODateTime>;
    failing: z.ZodNullable<
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
          passes: z.ZodNumber;
          since: z.ZodISODateTime;
          told: z.ZodBoolean;
        },
        z.core.$strip
      >
    >;
    goneSince: z.ZodNullable<z.ZodISODateTime>;
    leftAt: z.ZodDefault<z.ZodNullable<z.ZodISODateTime>>;
    containers: z.ZodDefault<z.ZodArray<z.ZodString>>;
  },
  z.core.$strip
>;
export type ReferenceState = z.infer<typeof ReferenceState>;
/** Everything that telling remembers from pass to pass; stored in the transaction that stores the notice. */
export declare const ToldState: z.ZodObject<
  {
    references: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          standing: z.ZodEnum<{
            accepted: 'accepted';
            pending: 'pending';
            unscanned: 'unscanned';
          }>;
          firstSeen: z.ZodISODateTime;
          baseline: z.ZodNullable<
            z.ZodObject<
              {
                revision: z.ZodString;
                from: z.ZodNullable<z.ZodString>;
                savedAt: z.ZodDefault<z.ZodNullable<z.ZodString>>;
              },
              z.core.$strip
            >
          >;
          known: z.ZodArray<
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
            >
          >;
          unlisted: z.ZodNullable<
            z.ZodArray<
              z.ZodPipe<
                z.ZodUnion<
                  readonly [
                    z.ZodTuple<
                      [
                        z.ZodString,
                        z.ZodArray<
                          z.ZodTuple<
                            [
                              z.ZodNullable<z.ZodISODateTime>,
                              z.ZodEnum<{
                                CRITICAL: 'CRITICAL';
                                HIGH: 'HIGH';
                                LOW: 'LOW';
                                MEDIUM: 'MEDIUM';
                                UNKNOWN: 'UNKNOWN';
                              }>,
                              z.ZodNullable<z.ZodString>,
                            ],
                            null
                          >
                        >,
                      ],
                      null
                    >,
                    z.ZodTuple<
                      [
                        z.ZodString,
                        z.ZodEnum<{
                          CRITICAL: 'CRITICAL';
                          HIGH: 'HIGH';
                          LOW: 'LOW';
                          MEDIUM: 'MEDIUM';
                          UNKNOWN: 'UNKNOWN';
                        }>,
                      ],
                      null
                    >,
                  ]
                >,
                z.ZodTransform<
                  [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]],
                  | [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]]
                  | [string, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN']
                >
              >
            >
          >;
          unlistedElsewhere: z.ZodDefault<
            z.ZodArray<
              z.ZodObject<
                {
                  args: z.ZodArray<z.ZodString>;
                  unlisted: z.ZodArray<
                    z.ZodPipe<
                      z.ZodUnion<
                        readonly [
                          z.ZodTuple<
                            [
                              z.ZodString,
                              z.ZodArray<
                                z.ZodTuple<
                                  [
                                    z.ZodNullable<z.ZodISODateTime>,
                                    z.ZodEnum<{
                                      CRITICAL: 'CRITICAL';
                                      HIGH: 'HIGH';
                                      LOW: 'LOW';
                                      MEDIUM: 'MEDIUM';
                                      UNKNOWN: 'UNKNOWN';
                                    }>,
                                    z.ZodNullable<z.ZodString>,
                                  ],
                                  null
                                >
                              >,
                            ],
                            null
                          >,
                          z.ZodTuple<
                            [
                              z.ZodString,
                              z.ZodEnum<{
                                CRITICAL: 'CRITICAL';
                                HIGH: 'HIGH';
                                LOW: 'LOW';
                                MEDIUM: 'MEDIUM';
                                UNKNOWN: 'UNKNOWN';
                              }>,
                            ],
                            null
                          >,
                        ]
                      >,
                      z.ZodTransform<
                        [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]],
                        | [string, [string | null, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN', string | null][]]
                        | [string, 'CRITICAL' | 'HIGH' | 'LOW' | 'MEDIUM' | 'UNKNOWN']
                      >
                    >
                  >;
                },
                z.core.$strip
              >
            >
          >;
          listings: z.ZodDefault<
            z.ZodArray<
              z.ZodObject<
                {
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
                  at: z.ZodISODateTime;
                  scan: z.ZodEnum<{
                    doubtful: 'doubtful';
                    partial: 'partial';
                    whole: 'whole';
                  }>;
                },
                z.core.$strip
              >
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
          scanned: z.ZodNullable<
            z.ZodObject<
              {
                imageId: z.ZodNullable<z.ZodString>;
                content: z.ZodDefault<z.ZodNullable<z.ZodString>>;
                databaseGeneration: z.ZodNullable<z.ZodString>;
                trivyVersion: z.ZodNullable<z.ZodString>;
                filter: z.ZodNullable<
                  z.ZodObject<
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
                  >
                >;
              },
              z.core.$strip
            >
          >;
          settledImage: z.ZodNullable<z.ZodString>;
          settledContent: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          missing: z.ZodArray<
            z.ZodObject<
              {
                key: z.ZodString;
                since: z.ZodISODateTime;
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
                movedTo: z.ZodDefault<z.ZodNullable<z.ZodString>>;
                agreed: z.ZodDefault<z.ZodBoolean>;
              },
              z.core.$strip
            >
          >;
          resolvedSince: z.ZodArray<
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
            >
          >;
          takenBack: z.ZodDefault<z.ZodArray<z.ZodString>>;
          movedSince: z.ZodArray<z.ZodTuple<[z.ZodString, z.ZodString], null>>;
          untold: z.ZodObject<
            {
              imageBefore: z.ZodNullable<z.ZodString>;
              fixAvailable: z.ZodArray<z.ZodString>;
              joined: z.ZodArray<z.ZodString>;
              startedFrom: z.ZodDefault<z.ZodNullable<z.ZodString>>;
              recovered: z.ZodDefault<z.ZodBoolean>;
              firstSeen: z.ZodDefault<z.ZodBoolean>;
              new: z.ZodDefault<
                z.ZodArray<
                  z.ZodObject<
                    {
                      key: z.ZodString;
                      from: z.ZodNullable<
                        z.ZodEnum<{
                          CRITICAL: 'CRITICAL';
                          HIGH: 'HIGH';
                          LOW: 'LOW';
                          MEDIUM: 'MEDIUM';
                          UNKNOWN: 'UNKNOWN';
                        }>
                      >;
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
                >
              >;
              severityRaised: z.ZodDefault<
                z.ZodArray<
                  z.ZodObject<
                    {
                      key: z.ZodString;
                      from: z.ZodNullable<
                        z.ZodEnum<{
                          CRITICAL: 'CRITICAL';
                          HIGH: 'HIGH';
                          LOW: 'LOW';
                          MEDIUM: 'MEDIUM';
                          UNKNOWN: 'UNKNOWN';
                        }>
                      >;
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
                >
              >;
              resolved: z.ZodDefault<
                z.ZodArray<
                  z.ZodObject<
                    {
                      finding: z.ZodObject<
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
                >
              >;
            },
            z.core.$strip
          >;
          listedAt: z.ZodNullable<z.ZodISODateTime>;
          failing: z.ZodNullable<
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
                passes: z.ZodNumber;
                since: z.ZodISODateTime;
                told: z.ZodBoolean;
              },
              z.core.$strip
            >
          >;
          goneSince: z.ZodNullable<z.ZodISODateTime>;
          leftAt: z.ZodDefault<z.ZodNullable<z.ZodISODateTime>>;
          containers: z.ZodDefault<z.ZodArray<z.ZodString>>;
        },
        z.core.$strip
      >
    >;
    trouble: z.ZodNullable<
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
          passes: z.ZodNumber;
          since: z.ZodISODateTime;
          told: z.ZodBoolean;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type ToldState = z.infer<typeof ToldState>;
export declare const NOTHING_TOLD: ToldState;
export declare const NOTHING_UNTOLD: Untold;
/** A reference that was never met before. */
export declare const unscannedReference: (reference: string, at: string) => ReferenceState;
/**
 * The references whose image has to be matched again in the next pass, whatever result is stored: something was missing
 * and a second look decides. A pass that left the reference out in between puts it off for nobody.
 */
export declare const awaitingSecondLook: (
  references: readonly Pick<ReferenceState, 'reference' | 'missing'>[],
) => Set<string>;
