import { type Baseline } from './baseline.ts';
/**
 * The body of a baseline's file. Made for review: the same baseline is the same bytes, findings stand by key, one a
 * line, so that a change in git shows what was accepted and nothing else.
 */
export declare const writeBaseline: (baseline: Baseline) => string;
/** Names what a baseline accepts, whatever its file looks like: another revision is another acceptance. */
export declare const baselineRevision: (baseline: Baseline) => string;
