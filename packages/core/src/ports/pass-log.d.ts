import type { HostScanDocument, ImageReport } from '../documents/host-scan-document.ts';
/** Everything a log of one image says besides the image itself. */
export type PassContext = Pick<HostScanDocument, 'started_at' | 'trivy' | 'filter'>;
/** Where a pass writes what people read later. */
export interface PassLog {
  /**
   * Writes the full report of one image.
   * @returns the file's name, without its directory
   * @throws ScannerError `disk_full` or `directory_unusable`
   */
  writeImage(report: ImageReport, context: PassContext): Promise<string>;
  /** Appends one block for the whole pass. Throws as `writeImage` does. */
  appendSummary(document: HostScanDocument, notes: readonly string[]): Promise<void>;
}
