import { z } from 'zod';
import type { ListedForm } from './listing.ts';
/**
 * When a filter last said what is listed of a reference. A `partial` scan may have missed what lies in a file of a
 * language, and a `doubtful` one anything: its database was too old, or it could judge less than the one before.
 */
export declare const Listing: z.ZodObject<
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
>;
export type Listing = z.infer<typeof Listing>;
/** How a finding was from a moment on; null: from before anybody noted it. */
declare const Form: z.ZodTuple<
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
>;
type Form = z.infer<typeof Form>;
/** A finding that was found and not listed: its key, and how it was since it was found first, the latest form at the end. */
export declare const UnlistedFinding: z.ZodPipe<
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
>;
export type UnlistedFinding = z.infer<typeof UnlistedFinding>;
/** How an unlisted finding was over time. */
export declare class UnlistedHistory {
  readonly forms: readonly Form[];
  constructor(forms: readonly Form[]);
  /** How it was found last. */
  get last(): ListedForm;
  /** How it was at a moment; null where it was not found yet. */
  at(moment: string): ListedForm | null;
}
/** The history of a finding that was found once more; `since` is when it was met, null when nobody can say. */
export declare const foundUnlisted: (
  before: readonly Form[] | undefined,
  { severity, status }: ListedForm,
  since: string | null,
) => Form[];
/** Notes that a filter lists a reference now. */
export declare const listedNow: (listings: readonly Listing[], { filter, at, scan }: Listing) => Listing[];
export {};
