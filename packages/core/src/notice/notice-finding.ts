import type { Acceptances, AcceptanceTerms } from '../baseline/acceptances.ts';
import { markOfTerms } from '../baseline/known-baseline.ts';
import { anyPackageKey, type KnownFinding } from '../comparison/known-finding.ts';
import type { Finding } from '../model/finding.ts';
import type { NoticeFinding } from './notice.ts';

/** A finding as a notice names it. */
export const noticeFinding = (finding: Finding | KnownFinding): NoticeFinding => ({
  key: finding.key,
  vulnerability: finding.vulnerability,
  package: finding.key === anyPackageKey(finding.vulnerability) ? null : finding.package,
  path: finding.path,
  installed: finding.installed,
  fixed: finding.fixed,
  title: finding.title,
  severity: finding.severity,
  raisedFrom: null,
  url: finding.url,
  causes: [],
});

/** What was said of a known finding by who accepts it, or did. */
export const saidOf = (
  known: Pick<KnownFinding, 'key' | 'vulnerability' | 'package' | 'path' | 'installed' | 'aliases' | 'savedAs'>,
  acceptances: Acceptances,
): Pick<AcceptanceTerms, 'reason' | 'owner'> & { readonly terms: AcceptanceTerms | null } => {
  const terms = acceptances.named(known, (each) => markOfTerms(each) === known.savedAs) ?? null;
  return { reason: terms?.reason ?? null, owner: terms?.owner ?? null, terms };
};
