import type { HostScanDocument, ImageReport } from '../documents/host-scan-document.ts';
import type { HostImage } from '../model/image.ts';
import type { FailedScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { FailureCode } from '../model/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageScanner, ScannerIdentity, ScanRequest } from '../ports/image-scanner.ts';
import type { ImageListing, ImageSource } from '../ports/image-source.ts';
import type { PassLog } from '../ports/pass-log.ts';
import type { LastScan, ResultKey, ResultStore, StoredResult } from '../ports/result-store.ts';
import { aCompleteScan } from './builders.ts';

/** A host with just these images. */
export const imagesOnHost = (images: readonly HostImage[], warnings: readonly string[] = []): ImageSource => ({
  list: (): Promise<ImageListing> => Promise.resolve({ images, warnings }),
});

export const failedWith = (code: FailureCode, given: Partial<FailedScan> = {}): FailedScan => ({
  status: 'failed',
  reason: { code, message: `it was ${code}` },
  blocks: false,
  durationSeconds: 0.1,
  ...given,
});

/** A scanner that answers from a function and remembers what it was asked. */
export class ScriptedScanner implements ImageScanner, AsyncDisposable {
  readonly identity: ScannerIdentity;
  readonly requests: ScanRequest[] = [];
  disposed = false;
  readonly #answer: (request: ScanRequest, signal?: AbortSignal) => ScanOutcome | Promise<ScanOutcome>;

  constructor(
    answer: (request: ScanRequest, signal?: AbortSignal) => ScanOutcome | Promise<ScanOutcome> = () => aCompleteScan(),
    identity: Partial<ScannerIdentity> = {},
  ) {
    this.#answer = answer;
    this.identity = {
      trivyVersion: '0.74.0',
      databaseGeneration: 'g1',
      databaseUpdatedAt: '2026-11-21T00:00:00Z',
      databaseStale: false,
      ...identity,
    };
  }

  async scan(request: ScanRequest, signal?: AbortSignal): Promise<ScanOutcome> {
    this.requests.push(request);
    return this.#answer(request, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

export class InMemoryResultStore implements ResultStore {
  readonly #results = new Map<string, StoredResult>();
  readonly #last = new Map<string, LastScan>();

  find(key: ResultKey): StoredResult | undefined {
    return this.#results.get(JSON.stringify(key));
  }

  save(key: ResultKey, result: StoredResult): void {
    this.#results.set(JSON.stringify(key), result);
  }

  remember(references: readonly string[], last: LastScan): void {
    for (const reference of references) this.#last.set(reference, last);
  }

  lastOf(reference: string): LastScan | undefined {
    return this.#last.get(reference);
  }

  references(): readonly string[] {
    return [...this.#last.keys()].toSorted();
  }

  get size(): number {
    return this.#results.size;
  }
}

export class RecordingPassLog implements PassLog {
  readonly images: ImageReport[] = [];
  readonly summaries: Array<{ readonly document: HostScanDocument; readonly notes: readonly string[] }> = [];

  writeImage(report: ImageReport): Promise<string> {
    this.images.push(report);
    return Promise.resolve(`scan-${this.images.length}.log`);
  }

  appendSummary(document: HostScanDocument, notes: readonly string[]): Promise<void> {
    this.summaries.push({ document, notes });
    return Promise.resolve();
  }
}

/** A clock that stands still until it is moved. */
export const clockAt = (time: string): Clock & { moveBy(milliseconds: number): void } => {
  let elapsed = 0;
  return {
    now: () => new Date(Date.parse(time) + elapsed),
    elapsed: () => elapsed,
    moveBy(milliseconds) {
      elapsed += milliseconds;
    },
  };
};
