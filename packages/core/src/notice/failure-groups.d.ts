import type { ReferenceDecision } from './decide-reference.ts';
import type { FailureGroup, NoticeCaps } from './notice.ts';
import type { Pass } from './pass.ts';
import { type CutList } from './shorten.ts';
import type { Failing } from './told-state.ts';
/** What is to be told of failing: one line a cause, and one line in all when everything fails of the same. */
export declare const failureGroups: (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
  caps: NoticeCaps,
) => CutList<FailureGroup>;
/** The one line for passes that could not scan at all. */
export declare const troubleGroups: (trouble: Failing, caps: NoticeCaps) => CutList<FailureGroup>;
