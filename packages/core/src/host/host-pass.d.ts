import type { HostScanDocument, TrivyUsed } from '../documents/host-scan-document.ts';
import type { ScannerIdentity } from '../ports/image-scanner.ts';
import type { HostPassOptions, HostPassParts } from './host-pass-parts.ts';
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
export declare class HostPass {
  #private;
  constructor(parts: HostPassParts);
  /**
   * @throws ScannerError when nothing could be done at all: no engine, no Trivy, no database, or the first thing
   * to go wrong would go wrong for every image
   */
  run(options: HostPassOptions): Promise<HostPassOutcome>;
}
export declare const trivyUsed: (identity: ScannerIdentity) => TrivyUsed;
