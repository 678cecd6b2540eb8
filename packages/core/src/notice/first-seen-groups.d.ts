import { type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { FirstSeenGroup, NoticeCaps } from './notice.ts';
import { type Pass } from './pass.ts';
import { type CutList } from './shorten.ts';
/** The inventory of references that were met for the first time: counts by image, the worst first. */
export declare const firstSeenGroups: (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
  caps: NoticeCaps,
) => CutList<FirstSeenGroup>;
/** The worst severity that the first sight of these shows. */
export declare const worstFirstSeen: (decisions: readonly ReferenceDecision[], pass: Pass) => Severity | null;
