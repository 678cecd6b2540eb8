import type { AcceptanceRule } from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import { minute } from '../text/words.ts';

const DAY_CHARACTERS = '2026-11-22'.length;

/** The day of a moment, for a cell. */
export const dayOf = (moment: string | null | undefined): string =>
  moment === null || moment === undefined ? '-' : minute(moment).slice(0, DAY_CHARACTERS);

/** Until when something is accepted, or was, for a cell. */
export const endInTable = ({
  expires,
  until_fix: untilFix,
  expired,
}: Pick<AcceptanceRule, 'expires' | 'until_fix'> & { readonly expired: boolean }): string => {
  const day = typeof expires === 'string' ? dayOf(expires) : null;
  const end = [...(day === null ? [] : [day]), ...(untilFix === true ? ['a fix'] : [])].join(' or ');
  return `${expired ? 'expired ' : ''}${end === '' ? '-' : end}`;
};

/** In which images, packages and files a rule holds, for a cell. */
export const placeOfRule = ({ image, package: name, paths, purls }: AcceptanceRule): string => {
  const places = [
    ...(typeof name === 'string' ? [name] : []),
    ...(purls ?? []),
    ...(paths?.length ? [`at ${paths.join(', ')}`] : []),
    ...(typeof image === 'string' ? [`of ${image}`] : []),
  ];
  return places.length === 0 ? 'everywhere' : sanitizeForTerminal(places.join(' '));
};
