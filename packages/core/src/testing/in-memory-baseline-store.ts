import type { Baseline } from '../baseline/baseline.ts';
import { type AcceptanceRules, NO_RULES } from '../baseline/rules.ts';
import { imageFileName } from '../model/image-file-name.ts';
import type {
  BaselineSaving,
  BaselineStore,
  SavingOptions,
  StoredBaseline,
  StoredRules,
} from '../ports/baseline-store.ts';

/** Baselines that live as long as this object. */
export class InMemoryBaselineStore implements BaselineStore {
  readonly #stored = new Map<string, StoredBaseline>();

  #rules: AcceptanceRules = NO_RULES;
  #rulesProblem: string | null = null;

  constructor(baselines: Readonly<Record<string, Baseline>> = {}) {
    for (const [reference, baseline] of Object.entries(baselines)) this.#put(reference, baseline);
  }

  /** Leaves a file that cannot be read where the baseline of the reference belongs. */
  damage(reference: string, problem: string): void {
    this.#stored.set(reference, { status: 'unreadable', file: fileOf(reference), reference, problem });
  }

  /** Makes the file of rules one that cannot be read. */
  damageRules(problem: string): void {
    this.#rulesProblem = problem;
  }

  /** Makes the file of rules what it was before. */
  repairRules(): void {
    this.#rulesProblem = null;
  }

  async read(reference: string): Promise<StoredBaseline | undefined> {
    return structuredClone(this.#stored.get(reference));
  }

  async *list(): AsyncGenerator<StoredBaseline> {
    yield* [...this.#stored.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1));
  }

  async save(
    reference: string,
    baseline: Baseline,
    { unreadable = 'keep' }: SavingOptions = {},
  ): Promise<BaselineSaving> {
    const file = fileOf(reference);
    const before = this.#stored.get(reference);
    const inTheWay = before?.status === 'unreadable' ? before : undefined;
    if (inTheWay !== undefined && unreadable === 'keep') return { status: 'refused', file, problem: inTheWay.problem };
    this.#put(reference, baseline);
    return { status: 'saved', file, setAside: inTheWay === undefined ? null : `${file}.unreadable` };
  }

  async saveAll(
    baselines: readonly { readonly reference: string; readonly baseline: Baseline }[],
  ): Promise<readonly { readonly reference: string; readonly saving: BaselineSaving }[]> {
    return Promise.all(
      baselines.map(async ({ reference, baseline }) => ({ reference, saving: await this.save(reference, baseline) })),
    );
  }

  async remove(reference: string): Promise<readonly string[]> {
    return this.#stored.delete(reference) ? [fileOf(reference)] : [];
  }

  async readRules(): Promise<StoredRules> {
    const problem = this.#rulesProblem;
    if (problem !== null) return { status: 'unreadable', file: RULES_FILE, problem };
    return { status: 'read', file: RULES_FILE, rules: structuredClone(this.#rules) };
  }

  async saveRules(rules: AcceptanceRules): Promise<BaselineSaving> {
    const problem = this.#rulesProblem;
    if (problem !== null) return { status: 'refused', file: RULES_FILE, problem };
    this.#rules = structuredClone(rules);
    return { status: 'saved', file: RULES_FILE, setAside: null };
  }

  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return work();
  }

  #put(reference: string, baseline: Baseline): void {
    const stored = { ...structuredClone({ ...baseline, findings: [...baseline.findings] }), reference };
    this.#stored.set(reference, { status: 'read', file: fileOf(reference), reference, baseline: stored });
  }
}

const RULES_FILE = 'rules.json';

const fileOf = (reference: string): string => `${imageFileName(reference)}.json`;
