import type { ImageReport } from '../documents/host-scan-document.ts';
import { eachBounded } from '../concurrency/each-bounded.ts';
import { contentKey } from '../model/content-key.ts';
import type { Failure } from '../model/failure.ts';
import type { HostImage } from '../model/image.ts';
import { mayJudgeMore } from '../model/scan-outcome.ts';
import type { CompleteScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { PassImage } from '../notice/pass.ts';
import type { ImageScanner } from '../ports/image-scanner.ts';
import type { PassContext } from '../ports/pass-log.ts';
import type { ResultKey, StoredResult } from '../ports/result-store.ts';
import type { HostPassOptions, HostPassParts } from './host-pass-parts.ts';
import { completeReport, failedReport, hostSubject, outcomeReport } from './image-report.ts';

export interface PassRunParts {
  readonly host: HostPassParts;
  readonly scanner: ImageScanner;
  readonly context: PassContext;
  readonly options: HostPassOptions;
  /** References whose image is matched again, whatever result is stored. */
  readonly secondLooks: ReadonlySet<string>;
}

/** What one pass gathers while its images are scanned. */
export class PassRun {
  readonly problems: string[] = [];
  /** Every image with all that is known of it, whatever its severity. */
  readonly images: PassImage[] = [];
  blockedBy: Failure | undefined;

  readonly #parts: HostPassParts;
  readonly #scanner: ImageScanner;
  readonly #context: PassContext;
  readonly #options: HostPassOptions;
  readonly #secondLooks: ReadonlySet<string>;

  constructor(parts: PassRunParts) {
    this.#parts = parts.host;
    this.#scanner = parts.scanner;
    this.#context = parts.context;
    this.#options = parts.options;
    this.#secondLooks = parts.secondLooks;
  }

  async scanAll(images: readonly HostImage[]): Promise<ImageReport[]> {
    const reports = new Map<HostImage, ImageReport>();
    const take = (image: HostImage, report: ImageReport): void => {
      reports.set(image, report);
      this.#options.observe?.({ type: 'image', report, done: reports.size, total: images.length });
    };
    const changed: HostImage[] = [];
    for (const image of images) {
      const report = await this.#reportStored(image);
      if (report === null) changed.push(image);
      else take(image, report);
    }
    const scans = eachBounded(this.#planned(changed), this.#options.concurrency, async (image) =>
      take(image, await this.#reportScanned(image)),
    );
    for await (const _ of scans);
    return images.flatMap((image) => reports.get(image) ?? []);
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

  #find(key: ResultKey): Promise<StoredResult | null> {
    return this.attempt('a kept result could not be read', () => this.#parts.results.find(key) ?? null);
  }

  /** Null where there is no result that still holds. */
  async #reportStored(image: HostImage): Promise<ImageReport | null> {
    const key = this.#resultKey(image);
    const stored = this.#awaitsSecondLook(image) ? null : key && (await this.#find(key));
    if (!stored) return null;
    this.#remember(image, stored.scan, false);
    await this.#noteAsLast(image, key, stored.scan);
    return {
      ...completeReport(hostSubject(image), stored.scan, this.#options.severities, 'store'),
      log: stored.log,
    };
  }

  #planned(images: readonly HostImage[]): Iterable<HostImage> | AsyncIterable<HostImage> {
    const { extraArgs, timeoutSeconds, signal } = this.#options;
    return this.#scanner.plan?.(images, { extraArgs, timeoutSeconds }, signal) ?? images;
  }

  async #reportScanned(image: HostImage): Promise<ImageReport> {
    const subject = hostSubject(image);
    const obstacle = this.#options.signal?.aborted ? INTERRUPTED : this.blockedBy;
    if (obstacle !== undefined) {
      this.#remember(image, { status: 'failed', reason: obstacle }, false);
      return failedReport(subject, obstacle);
    }

    const outcome = await this.#scanner.scan(
      {
        subject: { source: 'docker', id: image.id },
        extraArgs: this.#options.extraArgs,
        timeoutSeconds: this.#options.timeoutSeconds,
      },
      this.#options.signal,
    );
    this.#options.observe?.({ type: 'scanned', seconds: outcome.durationSeconds });
    this.#remember(image, outcome, true);
    const report = outcomeReport(subject, outcome, this.#options.severities);
    if (outcome.status === 'failed') {
      if (outcome.blocks) this.blockedBy ??= outcome.reason;
      return this.#logged(report);
    }
    const key = this.#resultKey(image);
    const kept = await this.#kept(key, outcome, await this.#logged(report));
    await this.#noteAsLast(image, key, outcome);
    return kept;
  }

  #awaitsSecondLook({ references }: HostImage): boolean {
    return references.some((reference) => this.#secondLooks.has(reference));
  }

  #remember(image: HostImage, outcome: ScanOutcome | FailedImage, matched: boolean): void {
    const { id, references, containers } = hostSubject(image);
    this.images.push({
      id,
      references,
      containers,
      outcome:
        outcome.status === 'failed'
          ? { status: 'failed', reason: outcome.reason }
          : { status: 'complete', coverage: outcome.coverage, findings: outcome.findings, matched },
    });
  }

  async #logged(report: ImageReport): Promise<ImageReport> {
    if (report.reason?.code === 'interrupted') return report;
    const log = await this.attempt('a log could not be written', () =>
      this.#parts.log.writeImage(report, this.#context),
    );
    return { ...report, log };
  }

  async #kept(key: ResultKey | null, scan: CompleteScan, report: ImageReport): Promise<ImageReport> {
    if (key !== null && !mayJudgeMore(scan))
      await this.attempt(`the result of ${report.references[0] ?? report.id ?? 'an image'} could not be kept`, () =>
        this.#parts.results.save(key, { scan, log: report.log }),
      );
    return report;
  }

  async #noteAsLast({ id, references }: HostImage, key: ResultKey | null, scan: CompleteScan): Promise<void> {
    if (key === null || references.length === 0) return;
    const { databaseStale } = this.#scanner.identity;
    const { coverage, scannedAt } = scan;
    await this.attempt(`the scan of ${references[0] ?? id} could not be noted as its last one`, () =>
      this.#parts.results.remember(references, { key, imageId: id, coverage, databaseStale, scannedAt }),
    );
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

type FailedImage = Extract<PassImage['outcome'], { status: 'failed' }>;

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was scanned' };
