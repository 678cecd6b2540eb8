import { type Change, type Told } from './life-of-a-host.ts';
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
export declare const liveMany: ({ from, lives, observe }: ManyLives) => Promise<LivesResult>;
