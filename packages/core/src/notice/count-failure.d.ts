import type { Failure } from '../model/failure.ts';
import type { Failing } from './told-state.ts';
/** Counts one more failing pass, and says whether this is the one to tell it. */
export declare const countFailure: (
  before: Failing | null,
  reason: Failure,
  at: string,
  failuresAfter: number,
) => {
  readonly failing: Failing;
  readonly tell: boolean;
};
