import { z } from 'zod';
/**
 * Why a finding came, went or changed:
 * `image_updated`: the reference stands for another image; `database_newer`, `scanner_newer`: the same image judged by
 * something else; `withdrawn`: gone from an image that stayed the same; `severity_changed`; `setting_changed`: another
 * filter or other arguments; `coverage_changed`: more or less of the image could be judged; `acceptance_expired`;
 * `baseline_changed`: somebody saved or edited the baseline.
 */
export declare const CAUSES: readonly [
  'image_updated',
  'withdrawn',
  'severity_changed',
  'acceptance_expired',
  'database_newer',
  'scanner_newer',
  'coverage_changed',
  'setting_changed',
  'baseline_changed',
];
export declare const Cause: z.ZodEnum<{
  acceptance_expired: 'acceptance_expired';
  baseline_changed: 'baseline_changed';
  coverage_changed: 'coverage_changed';
  database_newer: 'database_newer';
  image_updated: 'image_updated';
  scanner_newer: 'scanner_newer';
  setting_changed: 'setting_changed';
  severity_changed: 'severity_changed';
  withdrawn: 'withdrawn';
}>;
export type Cause = z.infer<typeof Cause>;
/** What a result depends on; `null` where a baseline does not record it. */
export declare const Circumstances: z.ZodObject<
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
>;
export type Circumstances = z.infer<typeof Circumstances>;
/** What differs between two scans; what one side does not record counts as the same. */
export declare const causesBetween: (before: Circumstances, now: Circumstances) => Cause[];
/** Most telling first, each once. */
export declare const orderCauses: (causes: readonly Cause[]) => Cause[];
/**
 * Whether two are the same image: by what they hold, since the same content goes by another ID in another store. `null`
 * where only one side says what it holds and the IDs differ, or where an ID is missing: then nobody can tell.
 */
export declare const isSameImage: (
  a: Pick<Circumstances, 'imageId' | 'content'>,
  b: Pick<Circumstances, 'imageId' | 'content'>,
) => boolean | null;
/** Whether two scans were made with the same arguments, whatever was left out of their results afterwards. */
export declare const scannedAlike: (a: readonly string[], b: readonly string[]) => boolean;
