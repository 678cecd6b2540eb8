import { join } from 'node:path';

import type { HostPassOutcome, HostScanDocument, ImageReport, Log, Severity } from '@scanner/core';
import { writeFileAtomically } from '@scanner/store';
import { z } from 'zod';

import { readBounded } from './read-bounded.ts';

const Counts = z.object({
  critical: z.number(),
  high: z.number(),
  medium: z.number(),
  low: z.number(),
  unknown: z.number(),
});

/** What is remembered of one image of a pass: numbers, no findings. */
const ImageFacts = z.object({
  reference: z.string(),
  fixable: Counts,
  unfixable: Counts,
  new: z.number().describe('Findings that the pass told as new'),
});
export type ImageFacts = z.infer<typeof ImageFacts>;

/**
 * How the last pass went: what the schedule, the metrics and `gts host status` go by.
 * `running` in a file means that the process ended in the middle of it.
 */
export const LastPass = z.object({
  schema: z.literal('gts.last-pass/1'),
  outcome: z.enum(['running', 'complete', 'partial', 'failed', 'interrupted']),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  reason: z.string().nullable().describe('Why it failed'),
  last_end_at: z.iso.datetime().nullable().describe('When a pass last came to its end, whatever became of this one'),
  settings: z.string().describe('Names the settings that say what a pass looks at'),
  db_updated_at: z.string().nullable(),
  totals: z
    .object({
      images: z.number(),
      scanned: z.number(),
      reused: z.number(),
      failed: z.number(),
      skipped: z.number(),
      new: z.number(),
      resolved: z.number(),
      advisories: z.object({ new: z.number(), resolved: z.number(), severity_raised: z.number() }).optional(),
      not_accepted: z.number().optional(),
    })
    .nullable(),
  not_judged: z
    .number()
    .optional()
    .describe('Images that have a result and could not be judged in full; not in records of earlier versions'),
  images: z.array(ImageFacts).describe('Those with the most severe findings first, at most a thousand'),
});
export type LastPass = z.infer<typeof LastPass>;

/** More have no series of their own: a label without a bound would be one too many. */
const MOST_IMAGES = 1000;
const MAX_BYTES = 4 * 1024 * 1024;

/** The word for the end of a pass that did not fail as a whole. */
export const howItEnded = ({
  document,
  problems,
  interrupted,
}: HostPassOutcome): 'interrupted' | 'partial' | 'complete' => {
  if (interrupted) return 'interrupted';
  return document.totals.failed > 0 || problems.length > 0 ? 'partial' : 'complete';
};

/** What a document of a pass is remembered by. */
export const factsOf = (
  document: HostScanDocument,
): Pick<LastPass, 'db_updated_at' | 'totals' | 'not_judged' | 'images'> => ({
  db_updated_at: document.trivy.db_updated_at,
  totals: document.totals,
  not_judged: document.images.filter(({ status, coverage }) => status === 'complete' && coverage !== 'full').length,
  images: document.images
    .filter(({ status }) => status === 'complete')
    .map(imageFacts)
    .toSorted((a, b) => weight(b) - weight(a))
    .slice(0, MOST_IMAGES),
});

const imageFacts = ({ references, id, findings, baselines }: ImageReport): ImageFacts => ({
  reference: references[0] ?? id ?? 'unknown',
  fixable: countsOf(findings.filter(({ fixed }) => fixed !== null)),
  unfixable: countsOf(findings.filter(({ fixed }) => fixed === null)),
  new: new Set(baselines.flatMap(({ changes }) => changes.new)).size,
});

const countsOf = (findings: ImageReport['findings']): ImageFacts['fixable'] => {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    critical: count('CRITICAL'),
    high: count('HIGH'),
    medium: count('MEDIUM'),
    low: count('LOW'),
    unknown: count('UNKNOWN'),
  };
};

const weight = ({ fixable, unfixable }: ImageFacts): number =>
  (fixable.critical + unfixable.critical) * 1e6 + fixable.high + unfixable.high;

const fileIn = (state: string): string => join(state, 'last-pass.json');

/** The last pass on a state directory; null where there was none, or what is written of it makes no sense. */
export const readLastPass = (state: string, log: Log): LastPass | null => {
  const text = readBounded(fileIn(state), MAX_BYTES);
  if (text === null) return null;
  const read = LastPass.safeParse(parsed(text));
  if (read.success) return read.data;
  log.warn('what is known of the last pass cannot be read: a pass is made now', { file: fileIn(state) });
  return null;
};

/** @throws ScannerError `directory_unusable` or `disk_full` */
export const writeLastPass = async (state: string, pass: LastPass): Promise<void> => {
  await writeFileAtomically(fileIn(state), `${JSON.stringify(pass)}\n`, { mode: 0o600 });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
