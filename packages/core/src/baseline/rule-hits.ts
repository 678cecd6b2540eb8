import type { ShownBaseline } from '../documents/baseline-documents.ts';
import type { Finding } from '../model/finding.ts';
import { type Acceptances, hasExpired } from './acceptances.ts';
import type { AcceptanceRule } from './rules.ts';

/** The rules that are about findings of a scan, with the keys of those; what an own line names is the line's. */
export const ruleHits = (
  acceptances: Acceptances,
  findings: readonly Finding[],
  at: string,
): ShownBaseline['rules'] => {
  const hits = new Map<AcceptanceRule, Set<string>>();
  for (const finding of findings)
    for (const rule of acceptances.rulesFor(finding)) {
      const keys = hits.get(rule);
      if (keys === undefined) hits.set(rule, new Set([finding.key]));
      else keys.add(finding.key);
    }
  return [...hits].map(([rule, keys]) => ({ ...rule, expired: hasExpired(rule, at), hits: [...keys].toSorted() }));
};
