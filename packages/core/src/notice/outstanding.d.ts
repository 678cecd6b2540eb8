import type { KnownFinding } from '../comparison/known-finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { NoticeRepeat, Pass } from './pass.ts';
import type { ReferenceState } from './told-state.ts';
/** What people were told, did not accept, and would find still there. */
export declare const outstandingFindings: (state: ReferenceState, pass: Pass) => KnownFinding[];
/** What a baseline still accepts and is not there any more. */
export declare const resolvedBeside: ({ resolvedSince }: ReferenceState) => KnownFinding[];
/** Whether it is time to tell again what is not accepted. All of it goes together, so that it is one notice. */
export declare const isRepeatDue: (
  repeat: NoticeRepeat,
  decisions: readonly ReferenceDecision[],
  pass: Pass,
) => boolean;
