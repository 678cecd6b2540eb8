import { z } from 'zod';

import { FindingFilter } from '../documents/host-scan-document.ts';
import { Severity } from '../model/severity.ts';

const Moment = z.iso.datetime();
const Count = z.number().int().nonnegative();

/** How often a digest is sent. */
export const DIGEST_PERIODS = ['weekly', 'monthly'] as const;
export const DigestPeriod = z.enum(DIGEST_PERIODS);
export type DigestPeriod = z.infer<typeof DigestPeriod>;

/** What a pass looks at. */
export const PassScope = FindingFilter.extend({
  only: z.array(z.string()).describe('Patterns of the images that it is confined to; empty: every image'),
});
export type PassScope = z.infer<typeof PassScope>;

/** A finding that became new or was resolved in one reference. */
export const DigestChange = z.object({
  finding: z.object({
    key: z.string(),
    vulnerability: z.string(),
    package: z.string().nullable(),
    path: z.string().nullable(),
    installed: z.string().nullable(),
    fixed: z.string().nullable(),
    severity: Severity.nullable(),
    title: z.string().nullable(),
  }),
  image: z.string().describe('The ID of its image, else the reference'),
  reference: z.string(),
});
export type DigestChange = z.infer<typeof DigestChange>;

/** What happened since the last digest, or since digests were switched on. */
export const DigestState = z.object({
  since: Moment,
  scope: PassScope.describe('Of the passes that digests are about'),
  narrowSince: Moment.nullable().describe('Since when every pass looked at less; null where the last one did not'),
  passes: z.object({
    made: Count,
    complete: Count.describe('Those that scanned every image'),
    lastComplete: Moment.nullable(),
  }),
  new: z.array(DigestChange),
  resolved: z.array(DigestChange),
  unlisted: z
    .object({ new: Count, resolved: Count })
    .describe('How many more changes there were than the lists have place for'),
  countedSince: Moment.describe('Since when it is counted how long findings stay'),
  stays: z
    .array(z.object({ until: Moment, days: z.number().nonnegative() }))
    .describe('From when a finding was found first until it was resolved, the latest last'),
});
export type DigestState = z.infer<typeof DigestState>;
