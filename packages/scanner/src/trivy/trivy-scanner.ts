import { setTimeout as sleep } from 'node:timers/promises';

import { FailureCode, formatReference, parseReference, scanInTurn, ScannerError, toScanResult } from '@scanner/core';
import type {
  Clock,
  ErrorCode,
  FailedScan,
  Failure,
  ImageScanner,
  Log,
  PlannedImage,
  PlannedScan,
  ScannerIdentity,
  ScanOutcome,
  ScanRequest,
  ScanResult,
} from '@scanner/core';

import type { ImageExport } from '../image-export/image-export.ts';
import { FIRST_ATTEMPT, nextAttempt } from './attempt-plan.ts';
import type { AttemptPlan } from './attempt-plan.ts';
import { cacheUseOf, isSameImage } from './checked-image.ts';
import type { JavaSupply } from './java-supply.ts';
import type { LayerwiseScans } from './layerwise-scans.ts';
import type { ScanSlots, Turn } from './scan-slots.ts';
import { refuseSubject } from './scan-subject.ts';
import { TimeBudget } from './time-budget.ts';
import type { ConvertRequest, RunOutcome, TrivyRunner } from './trivy-runner.ts';

export interface TrivyScannerParts {
  readonly identity: ScannerIdentity;
  readonly reportsDirectory: string;
  readonly runner: TrivyRunner;
  readonly java: JavaSupply;
  readonly slots: ScanSlots;
  /** Null where every image needs a Trivy process of its own. */
  readonly layerwise: LayerwiseScans | null;
  /** Null where there is no engine to ask. */
  readonly source: Pick<ImageExport, 'describeImage'> | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what the scanner stands on. */
  readonly close: () => Promise<void>;
}

export interface ScanImageOptions {
  /** `os/architecture[/variant]` */
  readonly platform?: string;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_SECONDS = 900;

/** Scans images with Trivy processes of its own; made by `openTrivyScanner`, ended by disposing of it. */
export class TrivyScanner implements ImageScanner, AsyncDisposable {
  readonly identity: ScannerIdentity;
  /** A place for `keepReportAt`, gone with the scanner: after a kill it is swept as the rest of what it had. */
  readonly reportsDirectory: string;
  readonly #parts: TrivyScannerParts;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: TrivyScannerParts) {
    this.identity = parts.identity;
    this.reportsDirectory = parts.reportsDirectory;
    this.#parts = parts;
  }

  scan(request: ScanRequest, signal?: AbortSignal): Promise<ScanOutcome> {
    return this.#track(new Scan(this.#parts, request, this.#whileOpen(signal)).run());
  }

  async *plan<Image extends PlannedImage>(
    images: readonly Image[],
    how: PlannedScan,
    signal?: AbortSignal,
  ): AsyncGenerator<Image, void, undefined> {
    const { layerwise, log } = this.#parts;
    const left = new Set(images);
    try {
      for await (const image of layerwise?.plan(images, how, this.#whileOpen(signal)) ?? []) {
        left.delete(image);
        yield image;
      }
    } catch (error) {
      log.warn('images could not be analysed together: each is scanned separately', { error });
    }
    yield* left;
  }

  async isChecked(image: PlannedImage, signal?: AbortSignal): Promise<boolean> {
    return (await this.#parts.layerwise?.isChecked(image, this.#whileOpen(signal))) ?? false;
  }

  knows(request: ScanRequest): boolean {
    return this.#parts.layerwise?.knows(request) ?? false;
  }

  /**
   * Scans what a name stands for: in its registry, else in the local engine. The result names image and tag on failure too.
   *
   * @example
   * const { success, vulnerabilities, error } = await scanner.scanImage('postgres:stable');
   */
  async scanImage(imageRef: string, { platform, timeoutSeconds, signal }: ScanImageOptions = {}): Promise<ScanResult> {
    const onPlatform = platform === undefined ? {} : { platform };
    const { outcome } = await scanInTurn(
      this,
      [
        { source: 'remote', reference: imageRef, ...onPlatform },
        { source: 'docker', id: imageRef, ...onPlatform },
      ],
      timeoutSeconds === undefined ? {} : { timeoutSeconds },
      signal,
    );
    return toScanResult(outcome, { imageRef, identity: this.identity, now: this.#parts.clock.now() });
  }

  /**
   * Turns a report kept by a scan into another format.
   *
   * @throws ScannerError `trivy_broken`, or `interrupted`
   */
  convertReport(request: ConvertRequest, signal?: AbortSignal): Promise<void> {
    return this.#track(this.#parts.runner.convert(request, this.#whileOpen(signal)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
    await this.#parts.close();
  }

  #whileOpen(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
  }

  /** Holds on to when the work ends, and not to what comes of it. */
  async #track<T>(work: Promise<T>): Promise<T> {
    const ended = work.then(NOTHING, NOTHING);
    this.#running.add(ended);
    try {
      return await work;
    } finally {
      this.#running.delete(ended);
    }
  }
}

/** One image on its way through as many runs of Trivy as it takes. */
class Scan {
  readonly #parts: TrivyScannerParts;
  #request: ScanRequest;
  readonly #signal: AbortSignal;
  readonly #startedAt: number;
  readonly #time: TimeBudget;
  #analysed = false;
  /** Its packages cannot be judged, and keep Trivy from judging others. */
  #withoutSystem = false;

  constructor(parts: TrivyScannerParts, request: ScanRequest, signal: AbortSignal) {
    this.#parts = parts;
    this.#request = request;
    this.#signal = signal;
    this.#startedAt = parts.clock.elapsed();
    this.#time = new TimeBudget(parts.clock, (request.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000);
  }

  async run(): Promise<ScanOutcome> {
    const refusal = refuseSubject(this.#request.subject);
    if (refusal !== null) return this.#failed(refusal);
    try {
      const { layerwise } = this.#parts;
      if (layerwise === null) return await this.#attempt(FIRST_ATTEMPT);
      return await this.#layerwise(layerwise);
    } catch (error) {
      if (this.#signal.aborted) return this.#failed(INTERRUPTED);
      if (ScannerError.is(error) && OF_THE_RUN.has(error.code)) throw error;
      this.#parts.log.warn('a scan could not be made', { error });
      return this.#failed(failureOf(error));
    }
  }

  async #layerwise(layerwise: LayerwiseScans): Promise<ScanOutcome> {
    const outcome = await layerwise.scan(this.#request, this.#time, this.#signal);
    this.#signal.throwIfAborted();
    if (outcome.status === 'failed') return this.#failed(outcome.reason);
    if (outcome.status === 'left') {
      const { checked, withoutJava } = outcome;
      this.#analysed = outcome.analysed;
      return this.#attempt({ ...FIRST_ATTEMPT, checked, withoutJava });
    }
    this.#analysed = outcome.analysed;
    return this.#complete(outcome.result);
  }

  async #attempt(plan: AttemptPlan): Promise<ScanOutcome> {
    if (plan.pauseMs > 0) await sleep(plan.pauseMs, undefined, { signal: this.#signal });
    const outcome = await this.#parts.slots.run(plan.alone ? 'all' : 'one', this.#signal, (turn) =>
      this.#runTrivy(plan, turn),
    );
    this.#analysed ||= outcome.analysed;
    if ('result' in outcome) {
      if (plan.checked !== null && !isSameImage(plan.checked, outcome.result))
        return this.#attempt({ ...plan, checked: null });
      return (await this.#lookAgain(outcome.result)) ?? this.#complete(outcome.result);
    }
    const { failure, retry, blocks } = outcome.verdict;
    if (failure.code === 'bad_reference' && (await this.#goOnById())) return this.#attempt(plan);
    if (retry === 'without_java' && !plan.askedForJava && (await this.#parts.java.request()))
      return this.#attempt({ ...plan, askedForJava: true });
    if (retry === 'without_system') this.#withoutSystem = true;
    const next = nextAttempt(plan, retry, Math.random());
    if (next === null || next.pauseMs >= this.#time.leftMs) return this.#failed(failure, blocks);
    this.#parts.log.info('scanning again', { reason: failure.code, retry, message: failure.message });
    return this.#attempt(next);
  }

  /** Where nothing could be judged, an index may hold an image that Trivy passed over, or none at all. */
  async #lookAgain({ coverage, imageId }: RunResult): Promise<ScanOutcome | null> {
    const { subject } = this.#request;
    const { layerwise } = this.#parts;
    if (coverage !== 'unsupported' || subject.source !== 'remote' || layerwise === null) return null;
    const found = await layerwise.lookAgain(subject, imageId, this.#time, this.#signal);
    if (found === null) return null;
    if ('code' in found) return this.#failed(found);
    const reference = pinned(subject.reference, found.manifest);
    if (reference === null || reference === subject.reference) return null;
    const timeoutSeconds = this.#time.leftMs / 1000;
    const request = { ...this.#request, subject: { ...subject, reference }, timeoutSeconds };
    const outcome = await new Scan(this.#parts, request, this.#signal).run();
    return outcome.status === 'complete' ? { ...outcome, digest: found.digest } : outcome;
  }

  /** Engines take names that Trivy does not, such as those of one letter in a registry. */
  async #goOnById(): Promise<boolean> {
    const { subject } = this.#request;
    if (subject.source !== 'docker' || subject.id.startsWith('sha256:')) return false;
    const image = await this.#parts.source?.describeImage?.(subject.id, this.#signal);
    if (image === null || image === undefined) return false;
    this.#request = { ...this.#request, subject: { ...subject, id: image.id } };
    return true;
  }

  #runTrivy({ alone, withoutJava, checked }: AttemptPlan, turn: Turn): Promise<RunOutcome> {
    return this.#time.during((deadlineMs) =>
      this.#parts.runner.scan({
        request: this.#request,
        withoutSystem: this.#withoutSystem,
        deadlineMs,
        frugal: alone,
        withoutJava,
        use: cacheUseOf(checked),
        signal: this.#signal,
        onWait: () => turn.lend(),
      }),
    );
  }

  #complete(result: RunResult): ScanOutcome {
    return {
      status: 'complete',
      ...result,
      analysis: this.#analysed ? 'new' : 'reused',
      scannedAt: this.#parts.clock.now().toISOString(),
      durationSeconds: this.#seconds(),
    };
  }

  #failed(reason: Failure, blocks = false): FailedScan {
    return { status: 'failed', reason, blocks, durationSeconds: this.#seconds() };
  }

  #seconds(): number {
    return Math.max(0, (this.#parts.clock.elapsed() - this.#startedAt) / 1000);
  }
}

/** What every other image would fail of as well, and only a person can mend. */
const OF_THE_RUN: ReadonlySet<string> = new Set<ErrorCode>(['setting_invalid', 'usage']);

type RunResult = Extract<RunOutcome, { result: unknown }>['result'];

const pinned = (written: string, digest: string): string | null => {
  const parsed = parseReference(written);
  return parsed.ok ? formatReference({ ...parsed.reference, tag: null, digest }) : null;
};

const NOTHING = (): void => {};

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was finished' };

const failureOf = (error: unknown): Failure => {
  if (ScannerError.is(error))
    return { code: FailureCode.safeParse(error.code).data ?? 'unknown', message: error.message };
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? { code: 'disk_full', message: 'no space was left for temporary files' }
    : { code: 'unknown', message: 'the scan could not be made' };
};
