import { type Finding } from '../model/finding.ts';
import { type Severity } from '../model/severity.ts';
import { type KnownFinding } from './known-finding.ts';
/** One finding a key: the worst of its duplicates, whatever their order, and a listed one before any that is not. */
export declare const foldDuplicates: (
  findings: Iterable<Finding>,
  isListed?: (finding: Finding) => boolean,
) => Map<string, Finding>;
/** The worst of what is known twice. */
export declare const foldKnown: (findings: readonly KnownFinding[]) => KnownFinding[];
export interface MatchedFindings {
  readonly present: Map<
    string,
    {
      readonly finding: Finding;
      readonly listed: boolean;
    }
  >;
  /** Listed and not known. */
  readonly strange: Finding[];
  readonly strangeUnlisted: Finding[];
  readonly expired: Finding[];
  readonly raised: {
    readonly finding: Finding;
    readonly from: Severity;
  }[];
  readonly fixAvailable: Finding[];
}
/** Looks up every finding of a scan among the known ones. */
export declare const matchKnown: (
  known: readonly KnownFinding[],
  found: ReadonlyMap<string, Finding>,
  isListed: (finding: Finding) => boolean,
  at: string,
) => MatchedFindings;
