import type { HostScanDocument, ImageReport, TrivyUsed } from '../documents/host-scan-document.ts';
import { totalsOf } from '../documents/totals.ts';
import { ScannerError } from '../errors.ts';
import { contentKey } from '../model/content-key.ts';
import type { Failure } from '../model/failure.ts';
import { type HostImage, isRunning } from '../model/image.ts';
import type { CompleteScan } from '../model/scan-outcome.ts';
import type { Severity } from '../model/severity.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageScanner, ScannerIdentity } from '../ports/image-scanner.ts';
import type { ImageSource } from '../ports/image-source.ts';
import type { PassContext, PassLog } from '../ports/pass-log.ts';
import type { ResultKey, ResultStore } from '../ports/result-store.ts';
import { mapBounded } from '../concurrency/map-bounded.ts';
import { completeReport, failedReport, hostSubject, outcomeReport } from './image-report.ts';
import { type ImageSelection, selectImages } from './select-images.ts';

/** A scanner that holds something open until it is disposed of. */
export type OpenScanner = ImageScanner & AsyncDisposable;

export interface HostPassParts {
  readonly images: ImageSource;
  /** Called once the engine has answered, so that nothing is fetched for a host that cannot be listed. */
  readonly openScanner: (signal?: AbortSignal) => Promise<OpenScanner>;
  readonly results: ResultStore;
  readonly log: PassLog;
  readonly clock: Clock;
}

export interface HostPassOptions {
  readonly selection: ImageSelection;
  readonly severities: readonly Severity[];
  readonly extraArgs: readonly string[];
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly observe?: (event: HostPassEvent) => void;
  readonly signal?: AbortSignal;
}

export type HostPassEvent =
  | { readonly type: 'listed'; readonly images: number; readonly selected: number }
  | { readonly type: 'started'; readonly trivy: TrivyUsed }
  | { readonly type: 'image'; readonly report: ImageReport; readonly done: number; readonly total: number };

export interface HostPassOutcome {
  readonly document: HostScanDocument;
  /** What went wrong beside the images, as sentences: each is a reason not to call the pass whole. */
  readonly problems: readonly string[];
  /** What the reader should know all the same. */
  readonly warnings: readonly string[];
  /** Whether the signal ended it early; finished results are kept. */
  readonly interrupted: boolean;
}

/** One pass over the images of a host: list, leave out, scan what changed, keep and log each result, sum up. */
export class HostPass {
  readonly #parts: HostPassParts;

  constructor(parts: HostPassParts) {
    this.#parts = parts;
  }

  /**
   * @throws ScannerError when nothing could be done at all: no engine, no Trivy, no database, or the first thing
   * to go wrong would go wrong for every image
   */
  async run(options: HostPassOptions): Promise<HostPassOutcome> {
    const startedAt = this.#parts.clock.now().toISOString();
    const listing = await this.#parts.images.list(options.signal);
    const { toScan, leftOut } = selectImages(listing.images, options.selection);
    options.observe?.({ type: 'listed', images: listing.images.length, selected: toScan.length });

    await using scanner = await this.#parts.openScanner(options.signal);
    const context = passContext(startedAt, scanner.identity, options);
    options.observe?.({ type: 'started', trivy: context.trivy });

    const run = new PassRun(this.#parts, scanner, context, options);
    const scanned = await run.scanAll(toScan.toSorted(runningFirst));
    refuseWhenNothingWorked(run.blockedBy, scanned);

    const images = [...scanned, ...leftOut];
    const document: HostScanDocument = {
      schema: 'gts.host-scan/1',
      ...context,
      finished_at: this.#parts.clock.now().toISOString(),
      images,
      totals: totalsOf(images),
    };
    const interrupted = options.signal?.aborted ?? false;
    const notes = [...listing.warnings, ...run.problems, ...(interrupted ? ['stopped before its end'] : [])];
    await run.attempt('the summary could not be written', () => this.#parts.log.appendSummary(document, notes));
    return { document, problems: run.problems, warnings: listing.warnings, interrupted };
  }
}

const runningFirst = (a: HostImage, b: HostImage): number => Number(isRunning(b)) - Number(isRunning(a));

const passContext = (startedAt: string, identity: ScannerIdentity, options: HostPassOptions): PassContext => ({
  started_at: startedAt,
  trivy: trivyUsed(identity),
  filter: { severities: [...options.severities], extra_args: [...options.extraArgs] },
});

export const trivyUsed = (identity: ScannerIdentity): TrivyUsed => ({
  version: identity.trivyVersion,
  db_updated_at: identity.databaseUpdatedAt,
  db_stale: identity.databaseStale,
});

const refuseWhenNothingWorked = (blockedBy: Failure | undefined, scanned: readonly ImageReport[]): void => {
  if (blockedBy === undefined || scanned.some(({ status }) => status === 'complete')) return;
  throw blockingError(blockedBy);
};

const blockingError = ({ code, message }: Failure): ScannerError => {
  if (code === 'engine_unreachable')
    return new ScannerError(message, {
      code: 'engine_lost',
      hint: 'look whether the Docker engine still runs, then repeat the command',
    });
  if (code === 'engine_forbidden')
    return new ScannerError(message, {
      code: 'engine_forbidden',
      hint: 'run as a user that may use the Docker socket',
    });
  if (code === 'database_corrupt' || code === 'database_missing')
    return new ScannerError(message, {
      code: 'database_corrupt',
      hint: 'remove the database directory that `gts doctor` names; the next run gets it anew',
    });
  if (code === 'disk_full')
    return new ScannerError(message, { code: 'disk_full', hint: 'free some space, then repeat the command' });
  return new ScannerError(message, { code: 'trivy_broken', hint: 'see what `gts doctor` says of Trivy' });
};

/** What one pass gathers while its images are scanned. */
class PassRun {
  readonly problems: string[] = [];
  blockedBy: Failure | undefined;

  readonly #parts: HostPassParts;
  readonly #scanner: ImageScanner;
  readonly #context: PassContext;
  readonly #options: HostPassOptions;
  #done = 0;

  constructor(parts: HostPassParts, scanner: ImageScanner, context: PassContext, options: HostPassOptions) {
    this.#parts = parts;
    this.#scanner = scanner;
    this.#context = context;
    this.#options = options;
  }

  async scanAll(images: readonly HostImage[]): Promise<ImageReport[]> {
    return mapBounded(images, this.#options.concurrency, async (image) => {
      const report = await this.#report(image);
      this.#done += 1;
      this.#options.observe?.({ type: 'image', report, done: this.#done, total: images.length });
      return report;
    });
  }

  /** What fails beside the images is noted, and the pass goes on. */
  async attempt<Result>(problem: string, work: () => Result | Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      this.problems.push(`${problem}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  async #report(image: HostImage): Promise<ImageReport> {
    const subject = hostSubject(image);
    const key = this.#resultKey(image);
    const stored = key && this.#parts.results.find(key);
    if (stored) return { ...completeReport(subject, stored.scan, this.#options.severities, 'store'), log: stored.log };
    if (this.#options.signal?.aborted) return failedReport(subject, INTERRUPTED);
    if (this.blockedBy) return failedReport(subject, this.blockedBy);

    const outcome = await this.#scanner.scan(
      {
        subject: { source: 'docker', id: image.id },
        extraArgs: this.#options.extraArgs,
        timeoutSeconds: this.#options.timeoutSeconds,
      },
      this.#options.signal,
    );
    const report = outcomeReport(subject, outcome, this.#options.severities);
    if (outcome.status === 'failed') {
      if (outcome.blocks) this.blockedBy ??= outcome.reason;
      return this.#logged(report);
    }
    return this.#kept(key, outcome, await this.#logged(report));
  }

  async #logged(report: ImageReport): Promise<ImageReport> {
    if (report.reason?.code === 'interrupted') return report;
    const log = await this.attempt('a log could not be written', () =>
      this.#parts.log.writeImage(report, this.#context),
    );
    return { ...report, log };
  }

  /** What was left out of a partial scan may be had the next time, so it stands for nothing. */
  async #kept(key: ResultKey | null, scan: CompleteScan, report: ImageReport): Promise<ImageReport> {
    if (key !== null && scan.coverage !== 'partial')
      await this.attempt(`the result of ${report.references[0] ?? report.id ?? 'an image'} could not be kept`, () =>
        this.#parts.results.save(key, { scan, log: report.log }),
      );
    return report;
  }

  #resultKey(image: HostImage): ResultKey | null {
    const content = contentKey(image);
    if (content === null) return null;
    return {
      content,
      options: JSON.stringify(this.#options.extraArgs),
      trivyVersion: this.#scanner.identity.trivyVersion,
      databaseGeneration: this.#scanner.identity.databaseGeneration,
    };
  }
}

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was scanned' };
