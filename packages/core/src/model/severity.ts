import { z } from 'zod';

/** From the mildest to the worst; `UNKNOWN` is what no source has rated yet. */
export const SEVERITIES = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;

export const Severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof Severity>;

export const SeverityCounts = z.object({
  critical: z.number().int().nonnegative(),
  high: z.number().int().nonnegative(),
  medium: z.number().int().nonnegative(),
  low: z.number().int().nonnegative(),
  unknown: z.number().int().nonnegative(),
});
export type SeverityCounts = z.infer<typeof SeverityCounts>;

const COUNT_OF = {
  UNKNOWN: 'unknown',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
} as const satisfies Record<Severity, keyof SeverityCounts>;

/** Positive when `a` is worse than `b`. */
export const compareSeverity = (a: Severity, b: Severity): number => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);

export const countSeverities = (rated: Iterable<{ readonly severity: Severity }>): SeverityCounts => {
  const counts: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const { severity } of rated) counts[COUNT_OF[severity]] += 1;
  return counts;
};

export const addCounts = (a: SeverityCounts, b: SeverityCounts): SeverityCounts => ({
  critical: a.critical + b.critical,
  high: a.high + b.high,
  medium: a.medium + b.medium,
  low: a.low + b.low,
  unknown: a.unknown + b.unknown,
});

/** Positive when `a` is the greater risk: more critical ones first, then more high ones, and so on. */
export const compareCounts = (a: SeverityCounts, b: SeverityCounts): number =>
  a.critical - b.critical || a.high - b.high || a.medium - b.medium || a.low - b.low || a.unknown - b.unknown;
