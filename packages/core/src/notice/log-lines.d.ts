import type { Compared } from '../comparison/compare-with-known.ts';
import type { Settlement } from './settle-comparison.ts';
import type { ReferenceState } from './told-state.ts';
/** What a comparison found that is not told: what left or joined the list, and why nothing counts as resolved. */
export declare const comparisonLines: ({ reference }: ReferenceState, compared: Compared) => string[];
export declare const settlementLines: ({ reference }: ReferenceState, settlement: Settlement) => string[];
