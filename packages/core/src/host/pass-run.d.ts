import type { ImageReport } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { HostImage } from '../model/image.ts';
import type { PassImage } from '../notice/pass.ts';
import type { ImageScanner } from '../ports/image-scanner.ts';
import type { PassContext } from '../ports/pass-log.ts';
import type { HostPassOptions, HostPassParts } from './host-pass-parts.ts';
export interface PassRunParts {
  readonly host: HostPassParts;
  readonly scanner: ImageScanner;
  readonly context: PassContext;
  readonly options: HostPassOptions;
  /** References whose image is matched again, whatever result is stored. */
  readonly secondLooks: ReadonlySet<string>;
}
/** What one pass gathers while its images are scanned. */
export declare class PassRun {
  #private;
  readonly problems: string[];
  /** Every image with all that is known of it, whatever its severity. */
  readonly images: PassImage[];
  blockedBy: Failure | undefined;
  constructor(parts: PassRunParts);
  scanAll(images: readonly HostImage[]): Promise<ImageReport[]>;
  /** What fails beside the images is noted, and the pass goes on. */
  attempt<Result>(problem: string, work: () => Result | Promise<Result>): Promise<Result | null>;
}
