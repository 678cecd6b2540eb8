const WORDS = {
  open: (advisories: string) => `open ${advisories}`,
  new: (advisories: string) => `new ${advisories}`,
  resolved: (advisories: string) => `resolved ${advisories}`,
  'raised in severity': (advisories: string) => `${advisories} raised in severity`,
} as const;

/**
 * How much changed, counted the same way wherever it is told: how many different advisories, and of how many findings
 * they are, each once an image.
 *
 * @param advisories missing where only the findings were counted
 *
 * @example
 * changeInWords('new', 80, 2); // '2 new advisories (80 findings)'
 */
export const changeInWords = (what: keyof typeof WORDS, findings: number, advisories: number | undefined): string => {
  if (findings === 0 || advisories === undefined) return `${findings} ${what}`;
  const counted = `${advisories} ${WORDS[what](advisories === 1 ? 'advisory' : 'advisories')}`;
  return findings === advisories ? counted : `${counted} (${findings} ${findings === 1 ? 'finding' : 'findings'})`;
};
