import { type Change, CHANGES, liveOnce, type Told } from './life-of-a-host.ts';

export interface ManyLives {
  /** The seed of the first; the others follow it. */
  readonly from: number;
  readonly lives: number;
  readonly observe?: (done: number) => void;
}

/** What all of them came to. */
export interface LivesResult {
  readonly told: Readonly<Record<Change, Told>>;
  readonly passes: number;
  readonly notices: number;
  readonly open: number;
  readonly faults: readonly string[];
}

/** Lives one life after the other, each from its seed alone. */
export const liveMany = async ({ from, lives, observe }: ManyLives): Promise<LivesResult> => {
  const told: Record<Change, Told> = { new: none(), resolved: none(), raised: none() };
  const faults: string[] = [];
  let passes = 0;
  let notices = 0;
  let open = 0;
  for (let seed = from; seed < from + lives; seed += 1) {
    const life = await liveOnce(seed);
    for (const change of CHANGES) {
      const { true: right, false: wrong, missed } = life.told[change];
      told[change].true += right;
      told[change].false += wrong;
      told[change].missed += missed;
    }
    passes += life.passes;
    notices += life.notices;
    open += life.open;
    faults.push(...life.faults);
    observe?.(seed - from + 1);
  }
  return { told, passes, notices, open, faults };
};

const none = (): Told => ({ true: 0, false: 0, missed: 0 });
