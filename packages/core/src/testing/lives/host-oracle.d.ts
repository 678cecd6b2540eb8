import { type Severity } from '../../model/severity.ts';
/** How a finding is, as far as a filter looks at it. */
export interface Form {
  readonly severity: Severity;
  readonly status: string;
  readonly fixed: boolean;
  /** Lies in a file that a partial scan may not have judged. */
  readonly inFile: boolean;
}
/** What one look at an image was made with. */
export interface LookSettings {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses: readonly string[];
  /** Names what the scan itself was made with. */
  readonly args: string;
}
/** A scan that ended well: everything it shows, by what it is of. */
export interface Shown {
  readonly content: string;
  readonly id: string;
  readonly coverage: 'full' | 'partial' | 'eol';
  readonly stale: boolean;
  /** Not taken from a stored result. */
  readonly matched: boolean;
  readonly seen: ReadonlyMap<string, Form>;
  /** Package and path of each, by which an acceptance holds. */
  readonly places: ReadonlyMap<string, string>;
}
/** One image that a pass was about. */
export interface Looked {
  readonly references: readonly string[];
  readonly containers: readonly string[];
  readonly content: string;
  readonly id: string;
  readonly shown: Shown | null;
}
export interface OraclePass {
  readonly at: number;
  readonly settings: LookSettings;
  readonly looked: readonly Looked[];
  readonly onHost: ReadonlySet<string>;
  readonly covers: (reference: string) => boolean;
  readonly channel: boolean;
  readonly accept: boolean;
}
/** What has to stand in the notice of a pass, by reference and by what findings are of. */
export interface Due {
  readonly new: Map<string, Set<string>>;
  readonly resolved: Map<string, Set<string>>;
  readonly raised: Map<string, Set<string>>;
  /** New or not, as one likes: the contract leaves it open. */
  readonly open: Map<string, Set<string>>;
  readonly firstSeen: Set<string>;
  readonly failing: Set<string>;
  readonly recovered: Set<string>;
}
interface Acceptance {
  readonly severity: Severity;
  readonly ends: number | null;
  readonly untilFix: boolean;
  /** Tells one making of it from another; its end is no part of that. */
  readonly made: number;
  readonly place: string;
}
interface KnownTruth {
  severity: Severity;
  status: string;
  acceptance: Acceptance | null;
  /** The acceptance that ended, and was told. */
  ended: Acceptance | null;
  shownWith: string;
}
interface Look {
  readonly at: number;
  readonly settings: LookSettings;
  readonly scan: 'whole' | 'partial' | 'doubtful';
  readonly seen: ReadonlyMap<string, Form>;
  /** What was known after it, found or not: one look that misses it says nothing yet. */
  readonly known: Set<string>;
}
interface Belief {
  known: Map<string, KnownTruth>;
  gone: Map<string, Acceptance>;
  /** Gone too, after their acceptance had ended. */
  over: Map<string, Acceptance>;
  /** Somebody took their lines out of the baseline: news when they are found. */
  struck: Set<string>;
  /**
   * Was known, and somebody saved a baseline from a scan that did not list it. It is neither known nor accepted by that,
   * and yet only a setting hid it: when it is listed again, the contract leaves open which of the two counts.
   */
  dropped: Set<string>;
  /** Listed again, and not told so far. */
  undecided: Set<string>;
  /** When it was found to be gone: what looks saw before says nothing of its return. */
  resolvedAt: Map<string, number>;
  looks: Look[];
  content: string;
  id: string;
  settled: string | null;
  coverage: Shown['coverage'] | null;
  missing: Map<string, boolean>;
  /** What people were told, which is less where there was no channel; null: not even that it is there. */
  told: Map<string, Severity> | null;
  accepted: boolean;
  /** The file that it was last held against, and whose it is. */
  file: {
    readonly of: string;
    readonly version: number;
    readonly saved: number;
  } | null;
  /** The settings that its baseline was saved with, while it was never looked at. */
  begunWith: LookSettings | null;
}
/**
 * Knows what people have to be told of a host, from the contract alone: it is given what is true, what each scan showed
 * and what somebody did, names findings by what they are of, and keeps every look at every reference for good.
 */
export declare class HostOracle {
  #private;
  /** A scan is on record whatever becomes of its pass. */
  record(reference: string, shown: Shown, settings: LookSettings): void;
  files(): readonly string[];
  isReadable(reference: string): boolean;
  unreadableFiles(): number;
  setReadable(reference: string, readable: boolean): void;
  removeFile(reference: string): void;
  /** What somebody may write into the file of a reference: lines that are accepted still, as far as anybody knows. */
  openLines(reference: string): readonly string[];
  editLine(
    reference: string,
    truth: string,
    change: {
      ends?: number;
      untilFix?: boolean;
    } | null,
  ): void;
  /** Somebody accepts the last scan on record; whether that is possible, and then what he accepts. */
  saveRecord(reference: string, at: number, settings: LookSettings, ends: number | null): boolean;
  /** What a pass that was neither stopped nor kept from scanning has to tell. */
  conclude(pass: OraclePass): Due;
  peek(reference: string): Belief | undefined;
  /** What people believe of a reference after the host came to rest. */
  believed(reference: string): ReadonlySet<string>;
}
export {};
