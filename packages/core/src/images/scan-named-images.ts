import type { ImageReport } from '../documents/host-scan-document.ts';
import { scanArguments } from '../comparison/listing.ts';
import { mapBounded } from '../concurrency/map-bounded.ts';
import { outcomeReport, type Subject } from '../host/image-report.ts';
import type { ScanOutcome } from '../model/scan-outcome.ts';
import type { Severity } from '../model/severity.ts';
import type { ImageScanner, ScanSubject } from '../ports/image-scanner.ts';
import { scanInTurn } from './scan-in-turn.ts';

/** An image that somebody named: by reference, looked for in each source in turn, or an archive on disk. */
export type NamedImage = { readonly reference: string } | { readonly archive: string };

export type ReferenceSource = 'remote' | 'docker';

export interface ScanNamedImagesOptions {
  readonly sources: readonly ReferenceSource[];
  readonly severities: readonly Severity[];
  readonly extraArgs: readonly string[];
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly platform?: string;
  /** Where Trivy's own report of the image at that place in the list is to be left. */
  readonly keepReportAt?: (index: number) => string;
  readonly observe?: (event: { readonly report: ImageReport; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Scans each image now, in the sources' order until one has it.
 * What fails for one image is told in its report; this rejects for nothing but a bug.
 */
export const scanNamedImages = async (
  scanner: ImageScanner,
  images: readonly NamedImage[],
  options: ScanNamedImagesOptions,
): Promise<ImageReport[]> => {
  let done = 0;
  return mapBounded([...images.entries()], options.concurrency, async ([index, image]) => {
    const report = await scanNamed(scanner, image, index, options);
    done += 1;
    options.observe?.({ report, done, total: images.length });
    return report;
  });
};

const scanNamed = async (
  scanner: ImageScanner,
  image: NamedImage,
  index: number,
  options: ScanNamedImagesOptions,
): Promise<ImageReport> => {
  const { extraArgs, timeoutSeconds, keepReportAt, signal, severities } = options;
  // A report that is kept is Trivy's own, so Trivy has to leave out of it what is to be left out.
  const request = keepReportAt
    ? { extraArgs, timeoutSeconds, keepReportAt: keepReportAt(index) }
    : { extraArgs: scanArguments(extraArgs), timeoutSeconds };
  const { source, outcome } = await scanInTurn(scanner, subjects(image, options), request, signal);
  const filter = { severities: [...severities], extra_args: [...extraArgs] };
  return outcomeReport(named(image, source, outcome), outcome, filter);
};

const subjects = (image: NamedImage, { sources, platform }: ScanNamedImagesOptions): ScanSubject[] => {
  const onPlatform = platform === undefined ? {} : { platform };
  if ('archive' in image) return [{ source: 'archive', path: image.archive, ...onPlatform }];
  return sources.map((source) =>
    source === 'remote'
      ? { source, reference: image.reference, ...onPlatform }
      : { source, id: image.reference, ...onPlatform },
  );
};

const named = (image: NamedImage, source: ScanSubject['source'], outcome: ScanOutcome): Subject => ({
  id: outcome.status === 'complete' ? (outcome.digest ?? outcome.imageId) : null,
  references: ['archive' in image ? image.archive : image.reference],
  source,
  containers: null,
});
