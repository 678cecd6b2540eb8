import { anyPackageKey, isExpired, parseFindingKey } from '../comparison/known-finding.ts';
import type { Baseline } from './baseline.ts';

export interface AcceptanceChanges {
  readonly accepted: number;
  /** Accepted now and not before; what had expired counts as not accepted. */
  readonly added: number;
  /** Accepted before and not any more. */
  readonly dropped: number;
}

/**
 * What a baseline accepts that the one before it did not, and the other way round.
 *
 * @param at ISO 8601
 * @param byRules keys of what was accepted by rules
 */
export const acceptanceChanges = (
  before: Baseline | null,
  now: Baseline,
  at: string,
  byRules: ReadonlySet<string> = new Set(),
): AcceptanceChanges => {
  const earlier = keysOf(before?.findings.filter((finding) => !isExpired(finding, at)) ?? []);
  const present = keysOf(now.findings);
  const anywhere = new Set([...present].map(inAnyPackage));
  return {
    accepted: present.size,
    added: [...present].filter((key) => !earlier.has(key) && !earlier.has(inAnyPackage(key)) && !byRules.has(key))
      .length,
    dropped: [...earlier].filter((key) => !present.has(key) && !(key === inAnyPackage(key) && anywhere.has(key)))
      .length,
  };
};

const keysOf = (findings: Baseline['findings']): Set<string> => new Set(findings.map(({ key }) => key));

const inAnyPackage = (key: string): string => anyPackageKey(parseFindingKey(key)?.vulnerability ?? key);
