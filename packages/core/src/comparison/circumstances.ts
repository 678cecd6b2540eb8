import { z } from 'zod';

import { FindingFilter } from '../documents/host-scan-document.ts';
import { scanArguments } from './listing.ts';

/**
 * Why a finding came, went or changed:
 * `image_updated`: the reference stands for another image; `database_newer`, `scanner_newer`: the same image judged by
 * something else; `withdrawn`: gone from an image that stayed the same; `severity_changed`; `setting_changed`: another
 * filter or other arguments; `coverage_changed`: more or less of the image could be judged; `acceptance_expired`;
 * `baseline_changed`: somebody saved or edited the baseline.
 */
export const CAUSES = [
  'image_updated',
  'withdrawn',
  'severity_changed',
  'acceptance_expired',
  'database_newer',
  'scanner_newer',
  'coverage_changed',
  'setting_changed',
  'baseline_changed',
] as const;
export const Cause = z.enum(CAUSES);
export type Cause = z.infer<typeof Cause>;

/** What a result depends on; `null` where a baseline does not record it. */
export const Circumstances = z.object({
  imageId: z.string().nullable(),
  content: z.string().nullable().default(null).describe('What the image holds, see contentKey; null where not known'),
  databaseGeneration: z.string().nullable(),
  trivyVersion: z.string().nullable(),
  filter: FindingFilter.nullable(),
});
export type Circumstances = z.infer<typeof Circumstances>;

/** What differs between two scans; what one side does not record counts as the same. */
export const causesBetween = (before: Circumstances, now: Circumstances): Cause[] => {
  const causes: Cause[] = [];
  if (isSameImage(before, now) === false) causes.push('image_updated');
  if (differs(before.databaseGeneration, now.databaseGeneration)) causes.push('database_newer');
  if (differs(before.trivyVersion, now.trivyVersion)) causes.push('scanner_newer');
  if (before.filter !== null && now.filter !== null && !sameFilter(before.filter, now.filter))
    causes.push('setting_changed');
  return causes;
};

/** Most telling first, each once. */
export const orderCauses = (causes: readonly Cause[]): Cause[] => CAUSES.filter((cause) => causes.includes(cause));

/**
 * Whether two are the same image: by what they hold, since the same content goes by another ID in another store. `null`
 * where only one side says what it holds and the IDs differ, or where an ID is missing: then nobody can tell.
 */
export const isSameImage = (
  a: Pick<Circumstances, 'imageId' | 'content'>,
  b: Pick<Circumstances, 'imageId' | 'content'>,
): boolean | null => {
  if (a.content !== null && b.content !== null) return a.content === b.content;
  if (a.imageId === null || b.imageId === null) return null;
  if (a.imageId === b.imageId) return true;
  return a.content === null && b.content === null ? false : null;
};

/** Whether two scans were made with the same arguments, whatever was left out of their results afterwards. */
export const scannedAlike = (a: readonly string[], b: readonly string[]): boolean =>
  sameArguments(scanArguments(a), scanArguments(b));

const sameArguments = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((argument, index) => argument === b[index]);

const sameFilter = (a: FindingFilter, b: FindingFilter): boolean =>
  sameArguments(a.severities.toSorted(), b.severities.toSorted()) && sameArguments(a.extra_args, b.extra_args);

const differs = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b;
