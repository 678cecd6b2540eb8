import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Failure, Log } from '@scanner/core';

import { shareOfFree, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import { ExportAnalysis, isSound, lieOf } from './export-analysis.ts';
import type { ExportAnalysisParts } from './export-analysis.ts';
import { LEFT } from './left-to-trivy.ts';
import type { LeftToTrivy } from './left-to-trivy.ts';
import { scanManner, usesJava } from './match-options.ts';
import type { Session } from './session.ts';
import type { TimeBudget } from './time-budget.ts';

export interface ArchiveCheckParts extends ExportAnalysisParts {
  readonly session: Session;
  readonly log: Log;
}

const READ_BYTES = 1024 ** 2;
/** What only layers are made of is the same for all. */
const ANY_PLATFORM = 'linux/amd64';

/** How the archive's layers are analysed. */
interface ArchiveManner {
  readonly extraArgs: readonly string[];
  readonly time: TimeBudget;
}

type CheckedArchive = LeftToTrivy | { readonly status: 'failed'; readonly reason: Failure };

/**
 * Looks into a docker archive on the disk, and has its layers analysed where they are what the image states, so that they
 * count for others too, and those of others for it. What it makes nothing of is for Trivy to read, apart: several images
 * in one archive, directories, what is damaged.
 */
export const checkArchive = async (
  path: string,
  parts: ArchiveCheckParts,
  manner: ArchiveManner,
  signal: AbortSignal,
): Promise<CheckedArchive> => {
  try {
    return await look(resolve(path), parts, manner, signal);
  } catch (error) {
    if (!signal.aborted) parts.log.debug('an archive is left to Trivy', { path, error });
    return LEFT;
  }
};

const look = async (
  path: string,
  parts: ArchiveCheckParts,
  { extraArgs, time }: ArchiveManner,
  signal: AbortSignal,
): Promise<CheckedArchive> => {
  if (!(await stat(path)).isFile()) return LEFT;
  const manner = scanManner(extraArgs);
  const maxBytes = await shareOfFree(parts.session.directory, SHARE_OF_DISK);
  const how = { analysis: manner.analysis, usesJava: usesJava(manner), extraArgs, maxBytes };
  const analysis = new ExportAnalysis(parts, how);
  await using job = await parts.session.openJob();
  const hashed = await time.within(signal, (within) => analysis.unpack(piecesOf(path, within), job, within));
  const [image, ...others] = hashed.images;
  if (image === undefined || others.length > 0) return LEFT;
  const lie = lieOf(image);
  if (lie !== null) return { status: 'failed', reason: { code: 'corrupt', message: lie } };
  if (!isSound(image)) return LEFT;
  await analysis.analyse(hashed, job, { platform: ANY_PLATFORM, deadlineMs: time.leftMs, signal });
  return {
    status: 'left',
    checked: { imageId: null, layers: image.map(({ diffId }) => diffId), bySource: false },
    withoutJava: hashed.lackJavaDatabase.size > 0,
    analysed: hashed.unknown.length > 0,
  };
};

/** Opened when it is first read: an abort before that would be an error that nobody listens for. */
const piecesOf = async function* (path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: READ_BYTES, signal });
};
