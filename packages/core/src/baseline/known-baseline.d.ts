import type { KnownSide } from '../comparison/sides.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';
/** What people know who know a baseline and nothing since. */
export declare const knownOfBaseline: (baseline: Baseline) => KnownSide;
/** Names an acceptance as its line has it: another mark is another acceptance, or another end of it. */
export declare const acceptanceMark: (line: AcceptedFinding) => string;
/** Whether a mark is of this acceptance, whatever its end was then. */
export declare const isSameAcceptance: (mark: string, line: AcceptedFinding) => boolean;
