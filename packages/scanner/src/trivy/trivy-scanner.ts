import { setTimeout as sleep } from 'node:timers/promises';

import { scanInTurn, ScannerError, toScanResult } from '@scanner/core';
import type {
  Clock,
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
  readonly source: Pick<ImageExport, 'identify'> | null;
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
      log.warn('images could not be looked at together: each is scanned by itself', { error });
    }
    yield* left;
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
      this.#parts.log.warn('a scan could not be made', { error });
      return this.#failed(failureOf(error));
    }
  }

  async #layerwise(layerwise: LayerwiseScans): Promise<ScanOutcome> {
    const outcome = await layerwise.scan(this.#request, this.#time, this.#signal);
    this.#signal.throwIfAborted();
    if (outcome.status === 'failed') return this.#failed(outcome.reason);
    if (outcome.status === 'left') return this.#attempt({ ...FIRST_ATTEMPT, apart: outcome.apart });
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
      if (!plan.withoutJava && !plan.apart) this.#parts.layerwise?.remember(this.#request, outcome.result);
      return this.#complete(outcome.result);
    }
    const { failure, retry, blocks } = outcome.verdict;
    if (failure.code === 'bad_reference' && (await this.#goOnById())) return this.#attempt(plan);
    if (retry === 'without_java' && !plan.askedForJava && (await this.#parts.java.request()))
      return this.#attempt({ ...plan, askedForJava: true });
    const next = nextAttempt(plan, retry, Math.random());
    if (next === null || next.pauseMs >= this.#time.leftMs) return this.#failed(failure, blocks);
    this.#parts.log.info('scanning again', { reason: failure.code, retry, message: failure.message });
    return this.#attempt(next);
  }

  /** Engines take names that Trivy does not, such as those of one letter in a registry. */
  async #goOnById(): Promise<boolean> {
    const { subject } = this.#request;
    if (subject.source !== 'docker' || subject.id.startsWith('sha256:')) return false;
    const id = await this.#parts.source?.identify?.(subject.id, this.#signal);
    if (id === null || id === undefined) return false;
    this.#request = { ...this.#request, subject: { ...subject, id } };
    return true;
  }

  #runTrivy({ alone, withoutJava, apart }: AttemptPlan, turn: Turn): Promise<RunOutcome> {
    return this.#time.during((deadlineMs) =>
      this.#parts.runner.scan({
        request: this.#request,
        deadlineMs,
        frugal: alone,
        withoutJava,
        apart,
        signal: this.#signal,
        onWait: () => turn.lend(),
      }),
    );
  }

  #complete(result: Extract<RunOutcome, { result: unknown }>['result']): ScanOutcome {
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

const NOTHING = (): void => {};

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was finished' };

const failureOf = (error: unknown): Failure => {
  if (ScannerError.is(error)) return { code: 'unknown', message: error.message };
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? { code: 'disk_full', message: 'no space was left for temporary files' }
    : { code: 'unknown', message: 'the scan could not be made' };
};
