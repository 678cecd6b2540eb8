import type { HostScanDocument, ImageReport } from '../documents/host-scan-document.ts';
import type { HostImage } from '../model/image.ts';
import type { FailedScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { FailureCode } from '../model/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageScanner, ScannerIdentity, ScanRequest } from '../ports/image-scanner.ts';
import type { ImageSource } from '../ports/image-source.ts';
import type { PassLog } from '../ports/pass-log.ts';
import type { LastScan, ResultKey, ResultStore, StoredResult } from '../ports/result-store.ts';
/** A host with just these images. */
export declare const imagesOnHost: (images: readonly HostImage[], warnings?: readonly string[]) => ImageSource;
export declare const failedWith: (code: FailureCode, given?: Partial<FailedScan>) => FailedScan;
/** A scanner that answers from a function and remembers what it was asked. */
export declare class ScriptedScanner implements ImageScanner, AsyncDisposable {
  #private;
  readonly identity: ScannerIdentity;
  readonly requests: ScanRequest[];
  disposed: boolean;
  constructor(
    answer?: (request: ScanRequest, signal?: AbortSignal) => ScanOutcome | Promise<ScanOutcome>,
    identity?: Partial<ScannerIdentity>,
  );
  scan(request: ScanRequest, signal?: AbortSignal): Promise<ScanOutcome>;
  [Symbol.asyncDispose](): Promise<void>;
}
export declare class InMemoryResultStore implements ResultStore {
  #private;
  find(key: ResultKey): StoredResult | undefined;
  save(key: ResultKey, result: StoredResult): void;
  remember(references: readonly string[], last: LastScan): void;
  lastOf(reference: string): LastScan | undefined;
  references(): readonly string[];
  get size(): number;
}
export declare class RecordingPassLog implements PassLog {
  readonly images: ImageReport[];
  readonly summaries: Array<{
    readonly document: HostScanDocument;
    readonly notes: readonly string[];
  }>;
  writeImage(report: ImageReport): Promise<string>;
  appendSummary(document: HostScanDocument, notes: readonly string[]): Promise<void>;
}
/** A clock that stands still until it is moved. */
export declare const clockAt: (time: string) => Clock & {
  moveBy(milliseconds: number): void;
};
