import { z } from 'zod';
/** From the mildest to the worst; `UNKNOWN` is what no source has rated yet. */
export declare const SEVERITIES: readonly ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
export declare const Severity: z.ZodEnum<{
  CRITICAL: 'CRITICAL';
  HIGH: 'HIGH';
  LOW: 'LOW';
  MEDIUM: 'MEDIUM';
  UNKNOWN: 'UNKNOWN';
}>;
export type Severity = z.infer<typeof Severity>;
export declare const SeverityCounts: z.ZodObject<
  {
    critical: z.ZodNumber;
    high: z.ZodNumber;
    medium: z.ZodNumber;
    low: z.ZodNumber;
    unknown: z.ZodNumber;
  },
  z.core.$strip
>;
export type SeverityCounts = z.infer<typeof SeverityCounts>;
/** Positive when `a` is worse than `b`. */
export declare const compareSeverity: (a: Severity, b: Severity) => number;
export declare const countSeverities: (
  rated: Iterable<{
    readonly severity: Severity;
  }>,
) => SeverityCounts;
export declare const addCounts: (a: SeverityCounts, b: SeverityCounts) => SeverityCounts;
/** Positive when `a` is the greater risk: more critical ones first, then more high ones, and so on. */
export declare const compareCounts: (a: SeverityCounts, b: SeverityCounts) => number;
