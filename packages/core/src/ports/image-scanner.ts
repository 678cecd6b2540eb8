import type { HostImage } from '../model/image.ts';
import type { ScanOutcome } from '../model/scan-outcome.ts';

/** What is scanned, and from where. A `docker` image is named by ID, so that a tag moved meanwhile changes nothing. */
export type ScanSubject =
  | { readonly source: 'docker'; readonly id: string; readonly platform?: string }
  | { readonly source: 'remote'; readonly reference: string; readonly platform?: string }
  | { readonly source: 'archive'; readonly path: string; readonly platform?: string };

export interface ScanRequest {
  readonly subject: ScanSubject;
  /** More Trivy flags, already checked against the allow-list. */
  readonly extraArgs?: readonly string[];
  /** Our own deadline. */
  readonly timeoutSeconds?: number;
  /** Where Trivy's own report with every package is to be left, for `convert`. */
  readonly keepReportAt?: string;
}

/** What results depend on besides the image: reuse is only sound while all of it is the same. */
export interface ScannerIdentity {
  readonly trivyVersion: string;
  /** Names the content of the vulnerability database. */
  readonly databaseGeneration: string;
  readonly databaseUpdatedAt: string | null;
  /** The database is older than it may be and is used all the same. */
  readonly databaseStale: boolean;
}

/** What is known of an image of the local engine before it is scanned. */
export type PlannedImage = Pick<HostImage, 'id' | 'platform' | 'layers' | 'areLayersUnknown' | 'sizeBytes'>;

/** How the images of a plan will be scanned: their requests say the same. */
export type PlannedScan = Pick<ScanRequest, 'extraArgs' | 'timeoutSeconds'>;

/** Finds what is vulnerable in one image; may be called many times at once. */
export interface ImageScanner {
  readonly identity: ScannerIdentity;
  /** Never rejects for what is wrong with one image: that is a failed outcome. An abort gives `interrupted`. */
  scan(request: ScanRequest, signal?: AbortSignal): Promise<ScanOutcome>;
  /** Whether a scan would need nothing but what is kept: neither the registry nor the engine would be asked. */
  knows?(request: ScanRequest): boolean;
  /**
   * Whether the content of each layer of this image of the local engine is known to be what the image states: only then
   * it has the results of others with the same layers, and they have its. Never rejects.
   */
  isChecked?(image: PlannedImage, signal?: AbortSignal): Promise<boolean>;
  /**
   * Told beforehand which images of the local engine will be scanned, a scanner can do once what they share. It gives
   * each back, in an order of its own, when nothing is left to be done for several of them. Changes no result, and never
   * rejects.
   */
  plan?<Image extends PlannedImage>(
    images: readonly Image[],
    how: PlannedScan,
    signal?: AbortSignal,
  ): AsyncIterable<Image>;
}
