import type { Failure } from '../model/failure.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import { type Notice } from './notice.ts';
import { type Pass, type TellingSettings } from './pass.ts';
import { type Failing } from './told-state.ts';
/** What a whole pass came to, before anybody is told. */
export interface PassFindings {
  readonly pass: Pass;
  /** One for each reference that was in the pass. */
  readonly decisions: readonly ReferenceDecision[];
  /** What kept passes from scanning, was told, and does not any more. */
  readonly recovered: Failure | null;
  /** What keeps passes from scanning, when it is to be told now. */
  readonly trouble: Failing | null;
}
export interface ComposedNotice {
  readonly notice: Notice;
  /** Whether everything that is not accepted was told again. */
  readonly repeats: boolean;
}
/** The one notice of a pass, or `null` when nothing happened that people have to hear of. */
export declare const composeNotice: (given: PassFindings, settings: TellingSettings) => ComposedNotice | null;
