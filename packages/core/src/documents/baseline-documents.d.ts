import { z } from 'zod';
/** A reference for which something was asked that cannot be done. */
export declare const BaselineRefusal: z.ZodObject<
  {
    reference: z.ZodString;
    reason: z.ZodString;
  },
  z.core.$strip
>;
export type BaselineRefusal = z.infer<typeof BaselineRefusal>;
export declare const SavedBaseline: z.ZodObject<
  {
    reference: z.ZodString;
    file: z.ZodString;
    image_id: z.ZodString;
    scanned_at: z.ZodISODateTime;
    accepted: z.ZodInt;
    added: z.ZodInt;
    dropped: z.ZodInt;
  },
  z.core.$strip
>;
export type SavedBaseline = z.infer<typeof SavedBaseline>;
/** What `gts baseline save --json` prints. */
export declare const BaselineSaveDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline-save/1'>;
    severities: z.ZodArray<
      z.ZodEnum<{
        CRITICAL: 'CRITICAL';
        HIGH: 'HIGH';
        LOW: 'LOW';
        MEDIUM: 'MEDIUM';
        UNKNOWN: 'UNKNOWN';
      }>
    >;
    saved: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          file: z.ZodString;
          image_id: z.ZodString;
          scanned_at: z.ZodISODateTime;
          accepted: z.ZodInt;
          added: z.ZodInt;
          dropped: z.ZodInt;
        },
        z.core.$strip
      >
    >;
    refused: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          reason: z.ZodString;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type BaselineSaveDocument = z.infer<typeof BaselineSaveDocument>;
export declare const ShownBaseline: z.ZodObject<
  {
    reference: z.ZodString;
    file: z.ZodString;
    image_id: z.ZodNullable<z.ZodString>;
    coverage: z.ZodNullable<
      z.ZodEnum<{
        eol: 'eol';
        full: 'full';
        partial: 'partial';
        unsupported: 'unsupported';
      }>
    >;
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
    findings: z.ZodArray<
      z.ZodObject<
        {
          key: z.ZodString;
          package: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          severity: z.ZodDefault<
            z.ZodNullable<
              z.ZodEnum<{
                CRITICAL: 'CRITICAL';
                HIGH: 'HIGH';
                LOW: 'LOW';
                MEDIUM: 'MEDIUM';
                UNKNOWN: 'UNKNOWN';
              }>
            >
          >;
          fixed: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          since: z.ZodDefault<z.ZodNullable<z.ZodUnion<readonly [z.ZodISODate, z.ZodISODateTime]>>>;
          expires: z.ZodDefault<z.ZodNullable<z.ZodUnion<readonly [z.ZodISODate, z.ZodISODateTime]>>>;
          reason: z.ZodDefault<z.ZodNullable<z.ZodString>>;
          owner: z.ZodOptional<z.ZodNullable<z.ZodString>>;
          until_fix: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
          expired: z.ZodBoolean;
        },
        z.core.$loose
      >
    >;
  },
  z.core.$strip
>;
export type ShownBaseline = z.infer<typeof ShownBaseline>;
/** What `gts baseline show --json` prints. */
export declare const BaselineShowDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline-show/1'>;
    baselines: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          file: z.ZodString;
          image_id: z.ZodNullable<z.ZodString>;
          coverage: z.ZodNullable<
            z.ZodEnum<{
              eol: 'eol';
              full: 'full';
              partial: 'partial';
              unsupported: 'unsupported';
            }>
          >;
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
          findings: z.ZodArray<
            z.ZodObject<
              {
                key: z.ZodString;
                package: z.ZodDefault<z.ZodNullable<z.ZodString>>;
                severity: z.ZodDefault<
                  z.ZodNullable<
                    z.ZodEnum<{
                      CRITICAL: 'CRITICAL';
                      HIGH: 'HIGH';
                      LOW: 'LOW';
                      MEDIUM: 'MEDIUM';
                      UNKNOWN: 'UNKNOWN';
                    }>
                  >
                >;
                fixed: z.ZodDefault<z.ZodNullable<z.ZodString>>;
                since: z.ZodDefault<z.ZodNullable<z.ZodUnion<readonly [z.ZodISODate, z.ZodISODateTime]>>>;
                expires: z.ZodDefault<z.ZodNullable<z.ZodUnion<readonly [z.ZodISODate, z.ZodISODateTime]>>>;
                reason: z.ZodDefault<z.ZodNullable<z.ZodString>>;
                owner: z.ZodOptional<z.ZodNullable<z.ZodString>>;
                until_fix: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
                expired: z.ZodBoolean;
              },
              z.core.$loose
            >
          >;
        },
        z.core.$strip
      >
    >;
    refused: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          reason: z.ZodString;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type BaselineShowDocument = z.infer<typeof BaselineShowDocument>;
export declare const BaselineDifference: z.ZodObject<
  {
    reference: z.ZodString;
    file: z.ZodString;
    image_id: z.ZodString;
    scanned_at: z.ZodISODateTime;
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
    withheld: z.ZodNullable<
      z.ZodEnum<{
        coverage_differs: 'coverage_differs';
        database_stale: 'database_stale';
        partial: 'partial';
      }>
    >;
    new: z.ZodArray<
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
    resolved: z.ZodArray<z.ZodString>;
    severity_raised: z.ZodArray<
      z.ZodObject<
        {
          finding: z.ZodObject<
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
          from: z.ZodEnum<{
            CRITICAL: 'CRITICAL';
            HIGH: 'HIGH';
            LOW: 'LOW';
            MEDIUM: 'MEDIUM';
            UNKNOWN: 'UNKNOWN';
          }>;
        },
        z.core.$strip
      >
    >;
    fix_available: z.ZodArray<
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
    joined: z.ZodArray<
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
  },
  z.core.$strip
>;
export type BaselineDifference = z.infer<typeof BaselineDifference>;
/** What `gts baseline diff --json` prints. */
export declare const BaselineDiffDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline-diff/1'>;
    severities: z.ZodArray<
      z.ZodEnum<{
        CRITICAL: 'CRITICAL';
        HIGH: 'HIGH';
        LOW: 'LOW';
        MEDIUM: 'MEDIUM';
        UNKNOWN: 'UNKNOWN';
      }>
    >;
    differences: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          file: z.ZodString;
          image_id: z.ZodString;
          scanned_at: z.ZodISODateTime;
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
          withheld: z.ZodNullable<
            z.ZodEnum<{
              coverage_differs: 'coverage_differs';
              database_stale: 'database_stale';
              partial: 'partial';
            }>
          >;
          new: z.ZodArray<
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
          resolved: z.ZodArray<z.ZodString>;
          severity_raised: z.ZodArray<
            z.ZodObject<
              {
                finding: z.ZodObject<
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
                from: z.ZodEnum<{
                  CRITICAL: 'CRITICAL';
                  HIGH: 'HIGH';
                  LOW: 'LOW';
                  MEDIUM: 'MEDIUM';
                  UNKNOWN: 'UNKNOWN';
                }>;
              },
              z.core.$strip
            >
          >;
          fix_available: z.ZodArray<
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
          joined: z.ZodArray<
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
        },
        z.core.$strip
      >
    >;
    refused: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          reason: z.ZodString;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type BaselineDiffDocument = z.infer<typeof BaselineDiffDocument>;
export declare const ListedBaseline: z.ZodObject<
  {
    file: z.ZodString;
    reference: z.ZodNullable<z.ZodString>;
    problem: z.ZodNullable<z.ZodString>;
    accepted: z.ZodNullable<z.ZodInt>;
    expired: z.ZodNullable<z.ZodInt>;
    image_id: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type ListedBaseline = z.infer<typeof ListedBaseline>;
/** What `gts baseline list --json` prints. */
export declare const BaselineListDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline-list/1'>;
    baselines: z.ZodArray<
      z.ZodObject<
        {
          file: z.ZodString;
          reference: z.ZodNullable<z.ZodString>;
          problem: z.ZodNullable<z.ZodString>;
          accepted: z.ZodNullable<z.ZodInt>;
          expired: z.ZodNullable<z.ZodInt>;
          image_id: z.ZodNullable<z.ZodString>;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type BaselineListDocument = z.infer<typeof BaselineListDocument>;
/** What `gts baseline remove --json` prints. */
export declare const BaselineRemoveDocument: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline-remove/1'>;
    removed: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          files: z.ZodArray<z.ZodString>;
        },
        z.core.$strip
      >
    >;
    refused: z.ZodArray<
      z.ZodObject<
        {
          reference: z.ZodString;
          reason: z.ZodString;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
export type BaselineRemoveDocument = z.infer<typeof BaselineRemoveDocument>;
