import type { CompareDocument } from '../documents/compare-document.ts';
import type { ImageReport } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';

/**
 * What exchanging image `a` for image `b` removes, adds and keeps, by finding key.
 * Not comparable, with nothing removed or added, when a scan failed or could not judge the whole image:
 * what was not looked at is neither there nor gone.
 */
export const compareImages = (
  a: ImageReport,
  b: ImageReport,
): Pick<CompareDocument, 'comparable' | 'removed' | 'added' | 'kept'> => {
  if (!judged(a) || !judged(b)) return { comparable: false, removed: [], added: [], kept: [] };
  const before = byKey(a.findings);
  const after = byKey(b.findings);
  return {
    comparable: true,
    removed: [...before.values()].filter(({ key }) => !after.has(key)),
    added: [...after.values()].filter(({ key }) => !before.has(key)),
    kept: [...after.values()].filter(({ key }) => before.has(key)),
  };
};

const judged = ({ status, coverage }: ImageReport): boolean => status === 'complete' && coverage === 'full';

/** The first of each key: findings come worst first. */
const byKey = (findings: readonly Finding[]): Map<string, Finding> => {
  const unique = new Map<string, Finding>();
  for (const finding of findings) if (!unique.has(finding.key)) unique.set(finding.key, finding);
  return unique;
};
