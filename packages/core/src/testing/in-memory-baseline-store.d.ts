import type { Baseline } from '../baseline/baseline.ts';
import type { BaselineSaving, BaselineStore, SavingOptions, StoredBaseline } from '../ports/baseline-store.ts';
/** Baselines that live as long as this object. */
export declare class InMemoryBaselineStore implements BaselineStore {
  #private;
  constructor(baselines?: Readonly<Record<string, Baseline>>);
  /** Leaves a file that cannot be read where the baseline of the reference belongs. */
  damage(reference: string, problem: string): void;
  read(reference: string): Promise<StoredBaseline | undefined>;
  list(): AsyncGenerator<StoredBaseline>;
  save(reference: string, baseline: Baseline, { unreadable }?: SavingOptions): Promise<BaselineSaving>;
  saveAll(
    baselines: readonly {
      readonly reference: string;
      readonly baseline: Baseline;
    }[],
  ): Promise<
    readonly {
      readonly reference: string;
      readonly saving: BaselineSaving;
    }[]
  >;
  remove(reference: string): Promise<readonly string[]>;
}
