import type { AcceptanceRules } from '../baseline/rules.ts';
import type { Baseline } from '../baseline/baseline.ts';

/** What one file of baselines holds, or why it cannot be used. */
export type StoredBaseline = {
  /** The file's name, without its directory. */
  readonly file: string;
  /** For which reference it stands; null where neither its body nor its name can say. */
  readonly reference: string | null;
} & (
  | { readonly status: 'read'; readonly baseline: Baseline }
  /** `problem` is one line, to be printed after the file's name. */
  | { readonly status: 'unreadable'; readonly problem: string }
);

export type BaselineSaving =
  | {
      readonly status: 'saved';
      readonly file: string;
      /** The name that an unreadable file got which was in the way, or null. */
      readonly setAside: string | null;
    }
  /** Nothing was written; `problem` is one line, to be printed after the file's name. */
  | { readonly status: 'refused'; readonly file: string; readonly problem: string };

/** What the file of rules holds, or why it cannot be used; one that is missing holds none. */
export type StoredRules =
  | { readonly status: 'read'; readonly file: string; readonly rules: AcceptanceRules }
  | { readonly status: 'unreadable'; readonly file: string; readonly problem: string };

export interface SavingOptions {
  /**
   * What becomes of a file that cannot be read and is in the way: it stays and the save is refused, or it gets another
   * name beside it. It is overwritten in no case: somebody may still mend it. @default 'keep'
   */
  readonly unreadable?: 'keep' | 'set_aside';
}

/**
 * The accepted findings of each reference, one file each. Any number of processes may read it at once, without a
 * lock: every file is whole at any time. Who changes what he read does so inside of `exclusively`.
 *
 * `onHost` is every reference that the host has. Files named in the earlier, simple way are read where the name stands
 * for one of them only; without the list (`[]`) it is taken to stand for the one that is asked for.
 *
 * What is wrong with one file is a value. Every method rejects with ScannerError `directory_unusable` where the whole
 * directory cannot be used; one that is missing is empty.
 */
export interface BaselineStore {
  /** `undefined` when there is none. */
  read(reference: string, onHost: readonly string[]): Promise<StoredBaseline | undefined>;
  /** Every file, by name; of two files for one reference only the one that `read` gives. */
  list(onHost: readonly string[]): AsyncIterable<StoredBaseline>;
  /**
   * Makes this the baseline of the reference, whatever reference it names. When it says `saved` it is on the disk.
   * @throws ScannerError `disk_full` or `directory_unusable`; the file is then as it was
   */
  save(reference: string, baseline: Baseline, options?: SavingOptions): Promise<BaselineSaving>;
  /**
   * Saves several at once: all of those that are not refused are there, or none is, whatever ends the process meanwhile.
   * @throws ScannerError as `save` does
   */
  saveAll(
    baselines: readonly { readonly reference: string; readonly baseline: Baseline }[],
  ): Promise<readonly { readonly reference: string; readonly saving: BaselineSaving }[]>;
  readRules(): Promise<StoredRules>;
  /**
   * Makes these the rules for every reference. Refused while the file there cannot be read.
   * @throws ScannerError as `save` does
   */
  saveRules(rules: AcceptanceRules): Promise<BaselineSaving>;
  /**
   * Has nobody else change anything in the directory while the work is done: to read, change and save what was read.
   * Whoever does so waits a little for others; not to be nested.
   * @throws ScannerError `directory_busy` when somebody else goes on for too long, or as `save` does
   */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Removes what `read` would give, readable or not, and what would come to light then. Gives the names of the files. */
  remove(reference: string, onHost: readonly string[]): Promise<readonly string[]>;
}
