import type { Failure } from '../model/failure.ts';
import type { Failing } from './told-state.ts';

/** Counts one more failing pass, and says whether this is the one to tell it. */
export const countFailure = (
  before: Failing | null,
  reason: Failure,
  at: string,
  failuresAfter: number,
): { readonly failing: Failing; readonly tell: boolean } => {
  const passes = (before?.passes ?? 0) + 1;
  const told = before?.told ?? false;
  const tell = !told && passes >= failuresAfter;
  return { failing: { reason, passes, since: before?.since ?? at, told: told || tell }, tell };
};
