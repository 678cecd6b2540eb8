import { momentInWords, type Notice, type NoticeFinding } from '@scanner/core';

import { type CutList, inert, namesInWords } from './notice-words.ts';
import type { PageOptions } from './page.ts';

type Ending = NonNullable<Notice['ending']> extends CutList<infer Item> ? Item : never;

/** What was said of a finding by who accepted it: `was accepted until 2026-12-01 by web: not reachable`. */
export const acceptanceInWords = ({ acceptance }: NoticeFinding, timeZone: string): string[] => {
  if (acceptance === undefined || acceptance === null) return [];
  const { reason, owner, expires, untilFix } = acceptance;
  const end = expires === null ? (untilFix ? ' until there is a fix' : '') : ` until ${dayOf(expires, timeZone)}`;
  return [`was accepted${end}${saidBy(owner, reason)}`];
};

/** One acceptance that ends soon, in one line. */
export const endingInWords = (
  { references, expires, reason, owner }: Ending,
  { names, timeZone }: Pick<PageOptions, 'names' | 'timeZone'>,
): string => `${namesInWords(references, names)}: accepted until ${dayOf(expires, timeZone)}${saidBy(owner, reason)}`;

const saidBy = (owner: string | null, reason: string | null): string =>
  `${owner === null ? '' : ` by ${inert(owner)}`}${reason === null ? '' : `: ${inert(reason)}`}`;

const dayOf = (moment: string, timeZone: string): string =>
  moment.length > 10 ? momentInWords(moment, timeZone) : inert(moment);
