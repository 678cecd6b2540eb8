import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { shareOfFree, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import { ExportAnalysis, isSound, lieOf } from './export-analysis.ts';
import type { ExportAnalysisParts, ExportManner } from './export-analysis.ts';
import { LEFT } from './left-to-trivy.ts';
import type { LeftToTrivy } from './left-to-trivy.ts';
import type { Session } from './session.ts';
import type { TimeBudget } from './time-budget.ts';

export interface ArchiveCheckParts extends ExportAnalysisParts {
  readonly session: Session;
}

/** It says of itself what is not so. */
export interface CorruptArchive {
  readonly status: 'corrupt';
  readonly message: string;
}

const READ_BYTES = 1024 ** 2;
/** What only layers are made of is the same for all. */
const ANY_PLATFORM = 'linux/amd64';

/**
 * Looks into a docker archive on the disk, and has its layers analysed where they are what the image states, so that they
 * count for others too, and those of others for it. What it makes nothing of is for Trivy to read, apart: several images
 * in one archive, directories, what is damaged.
 */
export const checkArchive = async (
  path: string,
  parts: ArchiveCheckParts,
  manner: Omit<ExportManner, 'maxBytes'> & { readonly time: TimeBudget },
  signal: AbortSignal,
): Promise<LeftToTrivy | CorruptArchive> => {
  if (!(await stat(path)).isFile()) return LEFT;
  const maxBytes = await shareOfFree(parts.session.directory, SHARE_OF_DISK);
  const analysis = new ExportAnalysis(parts, { ...manner, maxBytes });
  await using job = await parts.session.openJob();
  const hashed = await manner.time.within(signal, (within) =>
    analysis.unpack(createReadStream(path, { highWaterMark: READ_BYTES, signal: within }), job, within),
  );
  const [image, ...others] = hashed.images;
  if (image === undefined || others.length > 0) return LEFT;
  const lie = lieOf(image);
  if (lie !== null) return { status: 'corrupt', message: lie };
  if (!isSound(image)) return LEFT;
  await analysis.analyse(hashed, job, { platform: ANY_PLATFORM, deadlineMs: manner.time.leftMs, signal });
  return {
    status: 'left',
    checked: { imageId: null, layers: image.map(({ diffId }) => diffId), bySource: false },
    withoutJava: hashed.lackJavaDatabase.size > 0,
    analysed: hashed.unknown.length > 0,
  };
};
