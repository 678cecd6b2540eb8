export declare const CHANGES: readonly ['new', 'resolved', 'raised'];
export type Change = (typeof CHANGES)[number];
/** What was told against what was due. */
export interface Told {
  true: number;
  false: number;
  missed: number;
}
export interface LifeResult {
  readonly told: Readonly<Record<Change, Told>>;
  readonly passes: number;
  readonly notices: number;
  /** Told as new where the contract leaves that open: neither right nor wrong. */
  readonly open: number;
  /** What was told wrongly, or went wrong otherwise: one sentence each. */
  readonly faults: readonly string[];
}
/** Lives one life of a host through whole passes of the program, and holds every notice against the oracle. */
export declare const liveOnce: (seed: number, observe?: (line: string) => void) => Promise<LifeResult>;
