import { momentInWords, type Notice, type UndeliveredNotices } from '@scanner/core';

import type { Block, PageOptions, Section } from './page.ts';
import { inert, namesInWords } from './notice-words.ts';

/** Earlier notices that did not reach somebody; null where there are none. */
export const undeliveredSection = ({ undelivered }: Notice, options: PageOptions): Section | null => {
  if (undelivered === undefined || undelivered.total === 0) return null;
  const blocks = undelivered.items.slice(0, options.blocks).map((item) => undeliveredBlock(item, options));
  const left = undelivered.total - blocks.length;
  return {
    heading: 'Notices that did not arrive',
    blocks,
    more: `${left > 0 ? `and ${left} more; ` : ''}gts notices list names them, gts notices retry tries them again`,
  };
};

const undeliveredBlock = (item: UndeliveredNotices, { names, timeZone }: PageOptions): Block => {
  const { notices, from, to, channel, recipients, outcome, reachedNobody, reason } = item;
  const [first, last] = [from, to].map((moment) => momentInWords(moment, timeZone));
  const what = notices === 1 ? `A notice of ${first}` : `${notices} notices of ${first} to ${last}`;
  const recipient = channel === 'webhook' ? 'the webhook' : namesInWords(recipients, names);
  const became = outcome === 'held' ? `held for ${recipient}` : `given up for ${recipient}`;
  return {
    title: reachedNobody ? `${what} reached nobody` : `${what} did not reach ${recipient}`,
    notes: [`${became}${reason === null ? '' : `: ${inert(reason)}`}`],
    lists: [],
  };
};
