import type { FindingFilter, ImageReport } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { HostImage } from '../model/image.ts';
import type { CompleteScan, ScanOutcome } from '../model/scan-outcome.ts';
/** What every report of an image says, whatever came of it. */
export type Subject = Pick<ImageReport, 'id' | 'references' | 'source' | 'containers'>;
export declare const hostSubject: (image: HostImage) => Subject;
/** The report of an image that has a result, new or stored: its findings that the filter lists. */
export declare const completeReport: (
  subject: Subject,
  scan: CompleteScan,
  filter: FindingFilter,
  from?: 'scan' | 'store',
) => ImageReport;
export declare const skippedReport: (subject: Subject, reason: Failure) => ImageReport;
export declare const failedReport: (subject: Subject, reason: Failure) => ImageReport;
/** The report of an image that was scanned just now, however that ended. */
export declare const outcomeReport: (subject: Subject, outcome: ScanOutcome, filter: FindingFilter) => ImageReport;
