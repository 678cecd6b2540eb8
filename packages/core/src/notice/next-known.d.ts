import { type Compared } from '../comparison/compare-with-known.ts';
import { type KnownFinding } from '../comparison/known-finding.ts';
import { type Listing, type UnlistedFinding } from '../comparison/unlisted-history.ts';
import { type GoneFindings } from './judge-gone.ts';
import type { Pass, ScannedImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';
/** What people know once the changes are told. */
export declare const nextKnown: (
  state: ReferenceState,
  compared: Compared,
  gone: GoneFindings,
  pass: Pass,
) => KnownFinding[];
/**
 * What was found, is not listed and neither known nor about to be, with how it was since it was found first. A scan that
 * may have missed something says nothing of what it did not find.
 */
export declare const nextUnlisted: (
  state: ReferenceState,
  known: readonly {
    readonly key: string;
  }[],
  image: ScannedImage,
  pass: Pass,
  scan: Listing['scan'],
) => UnlistedFinding[];
/** What scans with these arguments found and did not list; null where there was none. */
export declare const unlistedWith: (
  state: ReferenceState,
  args: readonly string[],
) => readonly UnlistedFinding[] | null;
/**
 * What somebody dropped from what is known by accepting something else is still there, and was listed once: whatever the
 * arguments, it counts as found and not listed since it was found first.
 */
export declare const forgetKnown: (
  state: ReferenceState,
  stays: (key: string) => boolean,
) => Pick<ReferenceState, 'unlisted' | 'unlistedElsewhere'>;
/** What is kept of scans with other arguments than those of this pass. */
export declare const nextUnlistedElsewhere: (state: ReferenceState, pass: Pass) => ReferenceState['unlistedElsewhere'];
