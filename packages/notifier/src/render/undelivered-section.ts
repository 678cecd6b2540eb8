import type { Notice, UndeliveredNotices } from '@scanner/core';

import type { Block, PageLimits, Section } from './notice-page.ts';
import { inert, minute, namesInWords } from './notice-words.ts';

/** Earlier notices that did not reach somebody; null where there are none. */
export const undeliveredSection = ({ undelivered }: Notice, limits: PageLimits): Section | null => {
  if (undelivered === undefined || undelivered.total === 0) return null;
  const blocks = undelivered.items.slice(0, limits.blocks).map((item) => undeliveredBlock(item, limits));
  const left = undelivered.total - blocks.length;
  return {
    heading: 'Notices that did not arrive',
    blocks,
    more: `${left > 0 ? `and ${left} more; ` : ''}gts notices list names them, gts notices retry tries them again`,
  };
};

const undeliveredBlock = (item: UndeliveredNotices, { names }: PageLimits): Block => {
  const { notices, from, to, channel, recipients, outcome, reachedNobody, reason } = item;
  const what = notices === 1 ? `A notice of ${minute(from)}` : `${notices} notices of ${minute(from)} to ${minute(to)}`;
  const recipient = channel === 'webhook' ? 'the webhook' : namesInWords(recipients, names);
  const became = outcome === 'held' ? `held for ${recipient}` : `given up for ${recipient}`;
  return {
    title: reachedNobody ? `${what} reached nobody` : `${what} did not reach ${recipient}`,
    notes: [`${became}${reason === null ? '' : `: ${inert(reason)}`}`],
    lists: [],
  };
};
