import type { Finding, ImageReport, Totals } from '@scanner/core';

/** How a finding stands: told as new or worse in this pass, open since before, or accepted. */
export type Standing = 'new' | 'open' | 'accepted';

type Reported = Pick<ImageReport, 'findings' | 'baselines'>;

/** Null where nobody knows what is accepted. */
export const standingsOf = ({ findings, baselines }: Reported): ((finding: Finding) => Standing) | null => {
  if (!findings.some(({ accepted }) => accepted !== undefined)) return null;
  const changed = new Set(baselines.flatMap(({ changes }) => [...changes.new, ...changes.severity_raised]));
  const accepted = new Set(findings.filter((finding) => finding.accepted === true).map(({ key }) => key));
  return ({ key }) => (changed.has(key) ? 'new' : accepted.has(key) ? 'accepted' : 'open');
};

/** `2 new, 14 not accepted`; null where nobody knows. */
export const standingInWords = ({
  new: fresh,
  not_accepted: open,
}: Pick<Totals, 'new' | 'not_accepted'>): string | null =>
  open === undefined ? null : `${fresh} new, ${open} not accepted`;

/** The same of one image. */
export const imageStandingInWords = (image: Reported): string | null => {
  if (standingsOf(image) === null) return null;
  const fresh = new Set(image.baselines.flatMap(({ changes }) => changes.new)).size;
  const open = image.findings.filter(({ accepted }) => accepted === false).length;
  return `${fresh} new, ${open} not accepted`;
};
