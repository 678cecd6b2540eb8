import type { AcceptDocument, AcceptedHit, BaselineImportDocument, BaselineTidyDocument } from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import { minute, plural } from '../text/words.ts';

const MOST_HITS = 20;

/** What was accepted just now, and what that is about today. Ends with a line break. */
export const renderAccept = ({ accepted, expires, until_fix: untilFix, files }: AcceptDocument): string =>
  lines([
    ...accepted.flatMap(({ vulnerability, image, package: name, hits }) => [
      `${vulnerability}${inWords(' in ', name)} is accepted in ${image ?? 'every image, now and later'}: ${countInWords(hits)}`,
      ...hitLines(hits),
    ]),
    `${endInWords(expires, untilFix)}; ${files.join(' and ')}`,
  ]);

/** Which rules were taken over. */
export const renderBaselineImport = ({ imported, passed_over: passedOver, file }: BaselineImportDocument): string =>
  lines([
    ...imported.map(({ rule, hits }) => {
      const { vulnerability, image, package: name, expires } = rule;
      const end = typeof expires === 'string' ? `, until ${day(expires)}` : '';
      return `${vulnerability}${inWords(' in ', name ?? null)}${inWords(' of ', image ?? null)}${end}: ${countInWords(hits)}`;
    }),
    ...passedOver.map(({ line, what, reason }) => `line ${line}: ${what} is passed over, ${reason}`),
    `${plural(imported.length, 'rule')} in ${file}`,
  ]);

const WHY = { gone: 'not found for 30 days', fixed: 'a fix is there', over: 'its end has come' } as const;

/** What is not needed any more, one line each. */
export const renderBaselineTidy = ({ dropped, written }: BaselineTidyDocument): string =>
  lines([
    ...dropped.map(
      ({ reference, what, why, reason, owner }) =>
        `${reference ?? 'every image'}: ${what}, ${WHY[why]}${inWords('; accepted since: ', reason)}${inWords('; owner ', owner)}`,
    ),
    dropped.length === 0
      ? 'nothing to tidy'
      : written
        ? `${plural(dropped.length, 'acceptance')} dropped`
        : `${plural(dropped.length, 'acceptance')} not needed any more; to drop them: gts baseline tidy --write`,
  ]);

const countInWords = (hits: readonly AcceptedHit[]): string => {
  const references = new Set(hits.map(({ reference }) => reference)).size;
  return hits.length === 0
    ? 'nothing today; it counts once it is found'
    : `${plural(hits.length, 'finding')} today, in ${plural(references, 'image')}`;
};

const hitLines = (hits: readonly AcceptedHit[]): string[] => [
  ...hits
    .slice(0, MOST_HITS)
    .map(
      ({ reference, package: name, path, installed, severity }) =>
        `  ${reference}: ${severity} ${name} ${installed}${inWords(' at ', path)}`,
    ),
  ...(hits.length > MOST_HITS ? [`  and ${hits.length - MOST_HITS} more; --json has them all`] : []),
];

const endInWords = (expires: string | null, untilFix: boolean): string => {
  const ends = [...(expires === null ? [] : [`until ${day(expires)}`]), ...(untilFix ? ['until there is a fix'] : [])];
  return ends.length === 0 ? 'without an end' : ends.join(' or ');
};

const day = (moment: string): string => (moment.length > 10 ? minute(moment) : moment);

const inWords = (before: string, text: string | null): string => (text === null ? '' : `${before}${text}`);

const lines = (all: readonly string[]): string => all.map((line) => `${sanitizeForTerminal(line)}\n`).join('');
