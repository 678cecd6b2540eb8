import type { Finding } from '../model/finding.ts';
import { type KnownFinding } from './known-finding.ts';
/** One vulnerability that changed its key: a package was renamed, or a path has a version in it. */
export interface MovedFinding {
  readonly from: KnownFinding;
  readonly to: Finding;
}
/**
 * Pairs what came with what went where it is the same vulnerability, one to one: under the same ID before under one that
 * is an alias of the other, within the same package first, then in the order of the keys, so that both directions pair
 * alike.
 */
export declare const pairMoved: (came: readonly Finding[], went: readonly KnownFinding[]) => MovedFinding[];
