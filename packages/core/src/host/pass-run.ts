import type { ImageReport } from '../documents/host-scan-document.ts';
import { listedBy, scanArguments } from '../comparison/listing.ts';
import { eachBounded } from '../concurrency/each-bounded.ts';
import { contentKey } from '../model/content-key.ts';
import type { Failure } from '../model/failure.ts';
import type { HostImage, UnreadableImage } from '../model/image.ts';
import type { ListKeeper } from '../model/list-keeper.ts';
import { mayJudgeMore } from '../model/scan-outcome.ts';
import type { CompleteScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { PassImage } from '../notice/pass.ts';
import type { ImageScanner, ScanSubject } from '../ports/image-scanner.ts';
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
  /** Keeps what is found in each image until the pass has come to its end. */
  readonly lists: ListKeeper;
}

/** What one pass gathers while its images are scanned. */
export class PassRun {
  readonly problems: string[] = [];
  /** What the reader should know all the same. */
  readonly warnings: string[] = [];
  /** Every image with all that is known of it, whatever its severity. */
  readonly images: PassImage[] = [];
  blockedBy: Failure | undefined;

  readonly #parts: HostPassParts;
  readonly #scanner: ImageScanner;
  readonly #context: PassContext;
  readonly #options: HostPassOptions;
  readonly #secondLooks: ReadonlySet<string>;
  readonly #lists: ListKeeper;
  #done = 0;

  constructor(parts: PassRunParts) {
    this.#parts = parts.host;
    this.#scanner = parts.scanner;
    this.#context = parts.context;
    this.#options = parts.options;
    this.#secondLooks = parts.secondLooks;
    this.#lists = parts.lists;
  }

  async scanAll(images: readonly HostImage[]): Promise<ImageReport[]> {
    const reports = new Map<HostImage, ImageReport>();
    const take = (image: HostImage, report: ImageReport): void => {
      reports.set(image, report);
      this.#done = reports.size;
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

  /** Of an image that the engine lists and does not describe. */
  async reportUnreadable(image: UnreadableImage): Promise<ImageReport> {
    this.#remember(image, { status: 'failed', reason: image.reason });
    const report = await this.#logged(failedReport(hostSubject(image), image.reason));
    this.#options.observe?.({ type: 'image', report, done: this.#done, total: this.#done });
    return report;
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
    const key = await this.#resultKey(image);
    const stored = this.#awaitsSecondLook(image) ? null : key && (await this.#find(key));
    if (!stored) return null;
    const { scan, log } = stored;
    await this.#noteAsLast(image, key, scan);
    const report = { ...completeReport(hostSubject(image), scan, this.#context.filter, 'store'), log };
    return this.#held(image, { scan, report, matched: false, content: key?.content ?? null });
  }

  #planned(images: readonly HostImage[]): Iterable<HostImage> | AsyncIterable<HostImage> {
    const { timeoutSeconds, signal } = this.#options;
    return this.#scanner.plan?.(images, { extraArgs: this.#scanArguments, timeoutSeconds }, signal) ?? images;
  }

  async #reportScanned(image: HostImage): Promise<ImageReport> {
    const subject = hostSubject(image);
    const obstacle = this.#options.signal?.aborted ? INTERRUPTED : this.blockedBy;
    if (obstacle !== undefined) {
      this.#remember(image, { status: 'failed', reason: obstacle });
      return failedReport(subject, obstacle);
    }

    const outcome = await this.#scanWherever(image);
    this.#options.observe?.({ type: 'scanned', seconds: outcome.durationSeconds });
    const report = outcomeReport(subject, outcome, this.#context.filter);
    const key = await this.#resultKey(image);
    const content = key?.content ?? null;
    if (outcome.status === 'failed') {
      this.#remember(image, outcome, { matched: false, content });
      if (outcome.blocks) this.blockedBy ??= outcome.reason;
      return this.#logged(report);
    }
    const kept = await this.#kept(key, outcome, await this.#logged(report));
    await this.#noteAsLast(image, key, outcome);
    return this.#held(image, { scan: outcome, report: kept, matched: true, content });
  }

  /** Remembers what was found, in a form in which the findings of a whole host have room. */
  #held(image: HostImage, { scan, report, ...judged }: Judged & JudgedImage): ImageReport {
    const findings = this.#lists.keep(scan.findings);
    this.#remember(image, { ...scan, findings }, judged);
    const isListed = listedBy(this.#context.filter);
    return {
      ...report,
      findings: this.#lists.derive(report.findings.length, () => findings.filter(isListed)),
    };
  }

  /** Results are kept whole: what only leaves findings out is applied to them, and not to the scan. */
  get #scanArguments(): readonly string[] {
    return scanArguments(this.#options.extraArgs);
  }

  /** On the engine; where that has not all of it, in a registry that had it, by its digest. */
  async #scanWherever(image: HostImage): Promise<ScanOutcome> {
    const outcome = await this.#scan({ source: 'docker', id: image.id });
    if (outcome.status !== 'failed' || outcome.reason.code !== 'incomplete') return outcome;
    for (const reference of (image.digests ?? []).slice(0, REGISTRIES_ASKED)) {
      const had = await this.#scan({ source: 'remote', reference, ...platformOf(image) });
      if (had.status === 'failed' && had.reason.code === 'interrupted') return had;
      if (had.status === 'failed' || had.layers.join() !== image.layers.join()) continue;
      this.warnings.push(`the engine lacks parts of ${image.references[0]}: it was had from its registry`);
      return had;
    }
    return outcome;
  }

  #scan(subject: ScanSubject): Promise<ScanOutcome> {
    const { timeoutSeconds, signal } = this.#options;
    return this.#scanner.scan({ subject, extraArgs: this.#scanArguments, timeoutSeconds }, signal);
  }

  #awaitsSecondLook({ references }: HostImage): boolean {
    return references.some((reference) => this.#secondLooks.has(reference));
  }

  #remember(
    image: HostImage | UnreadableImage,
    outcome: ScanOutcome | FailedImage,
    { matched, content }: Judged = NOT_JUDGED,
  ): void {
    const { id, references, containers } = hostSubject(image);
    this.images.push({
      id,
      content,
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

  async #resultKey(image: HostImage): Promise<ResultKey | null> {
    const isChecked = (await this.#scanner.isChecked?.(image, this.#options.signal)) ?? false;
    const content = contentKey(image, isChecked);
    if (content === null) return null;
    return {
      content,
      options: JSON.stringify(this.#scanArguments),
      trivyVersion: this.#scanner.identity.trivyVersion,
      databaseGeneration: this.#scanner.identity.databaseGeneration,
    };
  }
}

/** How an image came by its result. */
interface Judged {
  /** Whether it was matched for this pass. */
  readonly matched: boolean;
  /** What it holds, see contentKey; null where that is not known. */
  readonly content: string | null;
}

interface JudgedImage {
  readonly scan: CompleteScan;
  readonly report: ImageReport;
}

const NOT_JUDGED: Judged = { matched: false, content: null };

type FailedImage = Extract<PassImage['outcome'], { status: 'failed' }>;

/** An engine that lacks parts of an image may name many repositories of it. */
const REGISTRIES_ASKED = 3;

/** Where the engine does not know it, the layers tell whether it is the image. */
const platformOf = ({ platform }: HostImage): { readonly platform?: string } =>
  platform.split('/').includes('unknown') ? {} : { platform };

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was scanned' };
