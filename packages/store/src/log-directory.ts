import { constants } from 'node:fs';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Clock,
  type HostScanDocument,
  imageFileName,
  type ImageReport,
  type Log,
  type PassContext,
  type PassLog,
  silentLog,
  systemClock,
} from '@scanner/core';

import { writeFileAtomically } from './atomic-file.ts';
import { checkDirectory } from './directory.ts';
import { storageError } from './storage-error.ts';

const SUMMARY = 'scan-summary.log';
const FULL_SUMMARY_BYTES = 10 * 1024 ** 2;
const KEPT_SUMMARIES = 10;
const TIME = String.raw`(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)`;
/** Ours and nobody else's; the groups are the time that `timestamp` wrote, in its parts. */
const IMAGE_LOG = new RegExp(String.raw`^scan-${TIME}--[a-z0-9][a-z0-9._-]*-[0-9a-f]{16}\.log$`);
/** A summary that was full, by the time it was put aside. */
const FULL_SUMMARY = new RegExp(String.raw`^scan-summary-${TIME}\.log$`);
/** What a process killed in the middle of a write left behind. */
const UNFINISHED_LOG = new RegExp(String.raw`^\.scan-${TIME}--.*\.[0-9a-f]{16}\.tmp$`);
const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

export interface LogDirectoryOptions {
  readonly renderImage: (report: ImageReport, context: PassContext) => string;
  readonly renderSummary: (document: HostScanDocument, notes: readonly string[]) => string;
  /** Logs of images, and summaries that were put aside, go when they are older. @default 90 */
  readonly keepDays?: number;
  /** A summary of this size is put aside, and a new one is begun. @default 10 MiB */
  readonly fullSummaryBytes?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * The logs of a host's passes: a file for each image and pass, named by UTC time and the image's first reference, and
 * `scan-summary.log` with a block for each pass. A summary that is full goes on as `scan-summary-<UTC time>.log`, and the
 * last ten of these are kept.
 */
export class LogDirectory implements PassLog {
  readonly #path: string;
  readonly #options: LogDirectoryOptions;
  readonly #clock: Clock;

  private constructor(path: string, options: LogDirectoryOptions) {
    this.#path = path;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Makes the directory where it is missing, proves that it can be written, and removes logs past their time and what
   * earlier passes did not finish. Nobody else makes passes into it meanwhile.
   * @throws ScannerError `directory_unusable` or `disk_full`
   */
  static async open(path: string, options: LogDirectoryOptions): Promise<LogDirectory> {
    await checkDirectory(path);
    const directory = new LogDirectory(path, options);
    await directory.#removeOld();
    return directory;
  }

  async writeImage(report: ImageReport, context: PassContext): Promise<string> {
    const reference = report.references[0] ?? report.id ?? '';
    const name = `scan-${timestamp(this.#clock.now())}--${imageFileName(reference)}.log`;
    await writeFileAtomically(join(this.#path, name), this.#options.renderImage(report, context), { mode: OWNER_ONLY });
    return name;
  }

  async appendSummary(document: HostScanDocument, notes: readonly string[]): Promise<void> {
    const path = join(this.#path, SUMMARY);
    const block = Buffer.from(this.#options.renderSummary(document, notes));
    try {
      await this.#putFullAside(path);
      await using file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, OWNER_ONLY);
      // That of an older version may be open to others.
      await file.chmod(OWNER_ONLY).catch(() => undefined);
      await appendAtOnce(file, block);
      await file.sync();
    } catch (error) {
      throw storageError(path, error);
    }
  }

  async #putFullAside(path: string): Promise<void> {
    const status = await lstat(path).catch(() => null);
    if (status === null || status.size < (this.#options.fullSummaryBytes ?? FULL_SUMMARY_BYTES)) return;
    await rename(path, join(this.#path, `scan-summary-${timestamp(this.#clock.now())}.log`));
    const aside = (await readdir(this.#path)).filter((name) => FULL_SUMMARY.test(name)).toSorted();
    for (const name of aside.slice(0, -KEPT_SUMMARIES)) await rm(join(this.#path, name), { force: true });
  }

  /** Only regular files named as we name them; a link is neither removed nor followed. */
  async #removeOld(): Promise<void> {
    const oldest = this.#clock.now().getTime() - (this.#options.keepDays ?? 90) * DAY_MS;
    try {
      for (const entry of await readdir(this.#path, { withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const written = writtenAt(entry.name);
        const isPast = UNFINISHED_LOG.test(entry.name) || (written !== undefined && written < oldest);
        if (isPast) await rm(join(this.#path, entry.name));
      }
    } catch (error) {
      (this.#options.log ?? silentLog).warn('old logs could not be removed', {
        directory: this.#path,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** One write, so that the blocks of two processes do not mix. */
const appendAtOnce = async (
  file: { write(data: Buffer): Promise<{ bytesWritten: number }> },
  block: Buffer,
): Promise<void> => {
  const { bytesWritten } = await file.write(block);
  if (bytesWritten === block.length) return;
  throw Object.assign(new Error(`only ${bytesWritten} of ${block.length} bytes were written`), { code: 'ENOSPC' });
};

/** As `20261122T010203.456Z`. */
const timestamp = (moment: Date): string => moment.toISOString().replaceAll(/[-:]/g, '');

const writtenAt = (name: string): number | undefined => {
  const parts = (IMAGE_LOG.exec(name) ?? FULL_SUMMARY.exec(name))?.slice(1);
  if (parts === undefined) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
};
