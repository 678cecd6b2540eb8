import type { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import type { Circumstances } from './circumstances.ts';
import type { KnownFinding } from './known-finding.ts';
import type { Listing, UnlistedHistory } from './unlisted-history.ts';

/** What people know of one reference, with what it was found under. */
export interface KnownSide {
  readonly findings: readonly KnownFinding[];
  /** Of the scan behind it; `null` where nobody recorded it. */
  readonly coverage: Coverage | null;
  /** Those of the scan that was compared last. */
  readonly circumstances: Circumstances;
  /** What scans with the same arguments found and did not list, by key; `null` where there is none at hand. */
  readonly unlisted: ReadonlyMap<string, UnlistedHistory> | null;
  /** With which filters it was looked at, and when last; the latest at the end. */
  readonly listings: readonly Listing[];
  /** Keys and vulnerabilities whose acceptance somebody took back: news when they are found, whatever lists them. */
  readonly takenBack: ReadonlySet<string>;
  /** What is accepted still and was told as gone. */
  readonly acceptedGone: readonly KnownFinding[];
}

/** A scan that is compared with it: every finding, whatever its severity. */
export interface ScannedSide {
  readonly outcome:
    | { readonly status: 'complete'; readonly coverage: Coverage; readonly findings: readonly Finding[] }
    | { readonly status: 'failed'; readonly reason: Failure };
  readonly circumstances: Circumstances & { readonly filter: NonNullable<Circumstances['filter']> };
  readonly databaseStale: boolean;
  /** When acceptances are held against the clock; ISO 8601. */
  readonly at: string;
}
