import { z } from 'zod';

import type { Failure } from './failure.ts';
import { Failure as FailureSchema } from './failure.ts';
import { Finding } from './finding.ts';

/**
 * How much of an image its scan could judge; never is anything but `full` the same as clean.
 * `partial`: a part could not be judged. `unsupported`: nothing could be.
 * `eol`: the distribution publishes no advisories any more. Strongest: partial, unsupported, eol.
 */
export const COVERAGES = ['full', 'partial', 'unsupported', 'eol'] as const;
export const Coverage = z.enum(COVERAGES);
export type Coverage = z.infer<typeof Coverage>;

/** What a scan that ended well found: every finding, whatever its severity. */
export const CompleteScan = z.object({
  status: z.literal('complete'),
  coverage: Coverage,
  reason: FailureSchema.nullable().describe(
    'Why not the whole image could be judged, where there is more to say than the coverage does',
  ),
  os: z.object({ family: z.string(), name: z.string() }).nullable(),
  imageId: z.string().nullable().describe('What Trivy calls the image: the ID that its source gave it'),
  digest: z.string().nullable().describe('The manifest digest, where the image came from a registry'),
  layers: z.array(z.string()).describe('Diff IDs, base first'),
  findings: z.array(Finding).describe('Unique by key and installed version, in the order of compareFindings'),
  analysis: z.enum(['new', 'reused']).describe('Whether any layer had to be opened'),
  scannedAt: z.iso.datetime(),
  durationSeconds: z.number().nonnegative(),
});
export type CompleteScan = z.infer<typeof CompleteScan>;

/**
 * Whether another scan with the same database may judge what this one could not: then it stands for nothing.
 * What a layer deleted, or nobody writes advisories for, stays so.
 */
export const mayJudgeMore = ({ coverage, reason }: Pick<CompleteScan, 'coverage' | 'reason'>): boolean =>
  coverage === 'partial' && (reason === null || reason.code === 'java_db_missing');

export interface FailedScan {
  readonly status: 'failed';
  readonly reason: Failure;
  /** Whether it would fail the same way for every other image: then the queue stops rather than fails them one by one. */
  readonly blocks: boolean;
  readonly durationSeconds: number;
}

export type ScanOutcome = CompleteScan | FailedScan;
