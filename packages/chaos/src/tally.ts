import { HARM_KINDS, type HarmKind } from './harm.ts';

/** What was tried in one scenario. */
interface Counts {
  /** Tries by what befell them. */
  readonly tries: Record<HarmKind, number>;
  /** Those of them that met a program at work. */
  readonly hits: Record<HarmKind, number>;
  faults: number;
}

const none = (): Record<HarmKind, number> => ({ none: 0, kill: 0, stop: 0, 'full disk': 0 });

/** Counts tries by scenario and by what befell them. */
export class Tally {
  readonly #counts = new Map<string, Counts>();

  /** @param tried.hit whether a program was still at work */
  add(scenario: string, tried: { readonly harm: HarmKind; readonly hit: boolean }): void {
    const counts = this.#countsOf(scenario);
    counts.tries[tried.harm] += 1;
    counts.hits[tried.harm] += tried.hit ? 1 : 0;
  }

  addFaults(scenario: string, faults: number): void {
    this.#countsOf(scenario).faults += faults;
  }

  get tries(): number {
    return this.#sum((counts) => sumOf(counts.tries));
  }

  get kills(): number {
    return this.#sum((counts) => counts.hits.kill);
  }

  get faults(): number {
    return this.#sum((counts) => counts.faults);
  }

  /** A table as Markdown has it. */
  toString(): string {
    const heads = [
      'scenario',
      'tries',
      'killed',
      'killed too late',
      'child stopped',
      'disk full',
      'unharmed',
      'faults',
    ];
    const rows = [...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(rowOf);
    const all = rowOf(['all', this.#all()]);
    return [heads, heads.map((_, index) => (index === 0 ? '---' : '--:')), ...rows, all]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
  }

  #countsOf(scenario: string): Counts {
    const counts = this.#counts.get(scenario) ?? { tries: none(), hits: none(), faults: 0 };
    this.#counts.set(scenario, counts);
    return counts;
  }

  #sum(of: (counts: Counts) => number): number {
    return [...this.#counts.values()].reduce((sum, counts) => sum + of(counts), 0);
  }

  #all(): Counts {
    const all: Counts = { tries: none(), hits: none(), faults: this.faults };
    for (const kind of HARM_KINDS) {
      all.tries[kind] = this.#sum(({ tries }) => tries[kind]);
      all.hits[kind] = this.#sum(({ hits }) => hits[kind]);
    }
    return all;
  }
}

function rowOf([scenario, { tries, hits, faults }]: readonly [string, Counts]): readonly string[] {
  const late = tries.kill - hits.kill;
  const counted = [sumOf(tries), hits.kill, late, hits.stop, hits['full disk'], tries.none, faults];
  return [scenario, ...counted.map((count) => count.toLocaleString('en'))];
}

function sumOf(counts: Record<HarmKind, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
