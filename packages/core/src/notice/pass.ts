import type { Baseline } from '../baseline/baseline.ts';
import type { AcceptanceRule } from '../baseline/rules.ts';
import type { Circumstances } from '../comparison/circumstances.ts';
import type { WithheldReason } from '../comparison/compare-with-known.ts';
import type { Listing } from '../comparison/unlisted-history.ts';
import type { ContainerReport, FindingFilter } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { CompleteScan } from '../model/scan-outcome.ts';
import type { ScannerIdentity } from '../ports/image-scanner.ts';
import type { UndeliveredDelivery } from '../ports/telling-store.ts';
import type { DigestPeriod } from './digest-state.ts';
import type { NoticeCaps } from './notice.ts';

/** One image that a pass tried to scan; what was skipped is not among them. */
export interface PassImage {
  readonly id: string | null;
  /** What it holds, see contentKey; null or missing where that is not known. */
  readonly content?: string | null;
  readonly references: readonly string[];
  readonly containers: readonly ContainerReport[] | null;
  readonly outcome:
    | (Pick<CompleteScan, 'status' | 'coverage' | 'findings'> & {
        /** Whether it was matched in this pass; a stored result is no second look. */
        readonly matched: boolean;
      })
    | { readonly status: 'failed'; readonly reason: Failure };
}

/** A file of baselines that cannot be used. */
export interface UnusableBaseline {
  readonly file: string;
  readonly reference: string | null;
  readonly problem: string;
}

/** What a pass found, and what it found it with. */
export interface Pass {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly images: readonly PassImage[];
  /** null when the pass did not come that far; it has no images then. */
  readonly scanner: ScannerIdentity | null;
  readonly filter: FindingFilter;
  /** By reference: what was read from their files. */
  readonly baselines: ReadonlyMap<string, Baseline>;
  /** What is accepted in every reference; null where their file cannot be read: what was accepted by it stays. */
  readonly rules?: readonly AcceptanceRule[] | null;
  /** References whose baseline is there and cannot be read: what is known of them stays. */
  readonly unreadableBaselines: ReadonlySet<string>;
  /** The files of those and of others that nobody can use. */
  readonly unusableFiles?: readonly UnusableBaseline[];
  /** Every reference of the host, whether the pass was about it or not; those of its images where missing. */
  readonly onHost?: readonly string[];
  /** Whether the pass would have been about a reference if the host had it. */
  readonly covers?: (reference: string) => boolean;
  /** What kept it from scanning at all: no engine, no database. Its images do not count then. */
  readonly trouble: Failure | null;
  readonly interrupted: boolean;
  /** Patterns of the images that it is confined to; empty or missing: every image. */
  readonly only?: readonly string[];
  /** What people call the host; null or missing where that is not known. */
  readonly hostName?: string | null;
  /** Deliveries that failed and that no notice named yet. */
  readonly undelivered?: readonly UndeliveredDelivery[];
}

/** `never`: told once; `every-pass`: while it differs from the baseline; an interval: while it is not accepted. */
export type NoticeRepeat = 'never' | 'every-pass' | { readonly everySeconds: number };

export interface TellingSettings {
  readonly repeat: NoticeRepeat;
  /** Failing passes in a row before a failure is told. */
  readonly failuresAfter: number;
  /** Accept what this pass found: it is compared and logged, and not told. */
  readonly accept: boolean;
  /** There is no channel: everything is decided as ever and waits until somebody can be told. @default false */
  readonly tellsNobody?: boolean;
  /** How long before an acceptance ends people are warned; null or missing: never. */
  readonly expiringSeconds?: number | null;
  /** How often a digest is sent; null or missing: never. */
  readonly digest?: DigestPeriod | null;
  readonly caps?: NoticeCaps;
}

export type PassCircumstances = Circumstances & { readonly filter: FindingFilter };

export const circumstancesOf = (pass: Pass, image: PassImage): PassCircumstances => ({
  imageId: image.id,
  content: image.content ?? null,
  databaseGeneration: pass.scanner?.databaseGeneration ?? null,
  trivyVersion: pass.scanner?.trivyVersion ?? null,
  filter: { severities: [...pass.filter.severities], extra_args: [...pass.filter.extra_args] },
});

/** What a scan is worth for saying what was there. */
export const listingOf = (image: ScannedImage, pass: Pass, withheld: WithheldReason | null): Listing => {
  const doubtful = pass.scanner?.databaseStale === true || withheld === 'coverage_differs';
  const partial = image.outcome.coverage === 'partial';
  return { filter: pass.filter, at: pass.at, scan: doubtful ? 'doubtful' : partial ? 'partial' : 'whole' };
};

/** What one pass makes of one image that was scanned whole. */
export type ScannedImage = PassImage & { readonly outcome: { readonly status: 'complete' } };

export const isScanned = (image: PassImage): image is ScannedImage => image.outcome.status === 'complete';
