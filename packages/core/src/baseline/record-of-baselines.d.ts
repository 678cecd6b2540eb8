import type {
  BaselineDifference,
  BaselineRefusal,
  ListedBaseline,
  SavedBaseline,
  ShownBaseline,
} from '../documents/baseline-documents.ts';
import type { BaselineStore } from '../ports/baseline-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResultStore } from '../ports/result-store.ts';
import { type RecordFilter } from './recorded-scan.ts';
export interface RecordParts {
  readonly baselines: BaselineStore;
  readonly results: Pick<ResultStore, 'find' | 'lastOf' | 'references'>;
  readonly clock: Clock;
}
/** What is said of the findings that are accepted; ISO 8601. Null keeps what was said before. */
export interface Said extends RecordFilter {
  readonly reason: string | null;
  readonly expires: string | null;
}
/** What was done, or why it was not. */
export type Asked<Answer> =
  | {
      readonly status: 'done';
      readonly answer: Answer;
    }
  | {
      readonly status: 'refused';
      readonly refusal: BaselineRefusal;
    };
/** The baselines of a host beside the last complete scan of each of its references; nothing is scanned for it. */
export declare class RecordOfBaselines {
  #private;
  constructor({ baselines, results, clock }: RecordParts);
  /** Every reference with a complete scan on record. */
  scanned(): readonly string[];
  /** Every reference with a baseline, usable or not. */
  accepted(): Promise<string[]>;
  /**
   * Accepts the last complete scan of a reference.
   * @throws ScannerError as the stores do
   */
  save(reference: string, { reason, expires, ...listing }: Said): Promise<Asked<SavedBaseline>>;
  show(reference: string): Promise<Asked<ShownBaseline>>;
  /** What the last complete scan of a reference says beyond its baseline. */
  diff(reference: string, listing: RecordFilter): Promise<Asked<BaselineDifference>>;
  list(): Promise<ListedBaseline[]>;
  remove(reference: string): Promise<
    Asked<{
      reference: string;
      files: string[];
    }>
  >;
}
