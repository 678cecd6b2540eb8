import { z } from 'zod';
export declare const BASELINE_SCHEMA = 'gts.baseline/1';
/** One accepted finding: one line of the file. What others noted beside, such as a ticket, is kept as it is. */
export declare const AcceptedFinding: z.ZodObject<
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
  },
  z.core.$loose
>;
export type AcceptedFinding = z.infer<typeof AcceptedFinding>;
/** The accepted findings of one reference, as `snapshots/<image>.json` holds them. */
export declare const Baseline: z.ZodObject<
  {
    schema: z.ZodLiteral<'gts.baseline/1'>;
    reference: z.ZodNullable<z.ZodString>;
    image_id: z.ZodNullable<z.ZodString>;
    content: z.ZodOptional<z.ZodNullable<z.ZodString>>;
    saved_at: z.ZodOptional<z.ZodNullable<z.ZodUnion<readonly [z.ZodISODate, z.ZodISODateTime]>>>;
    whole: z.ZodOptional<z.ZodNullable<z.ZodBoolean>>;
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
        z.core.$loose
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
        },
        z.core.$loose
      >
    >;
  },
  z.core.$loose
>;
export type Baseline = z.infer<typeof Baseline>;
