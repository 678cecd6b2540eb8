import type { NoticeDelivery, NoticesDocument } from '@scanner/core';

import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { plural } from '../text/words.ts';

/** Every notice that did not reach somebody, with why and when it goes again. Ends with a line break. */
export const renderNotices = ({ deliveries, totals }: NoticesDocument, options: TableOptions): string => {
  if (deliveries.length === 0) return 'Every notice was delivered\n';
  const style = new Style(options);
  const missing = totals.waiting + totals.held + totals.dead - deliveries.length;
  const lines = [
    `Not delivered: ${totals.waiting} waiting, ${totals.held} held, ${totals.dead} given up`,
    ...deliveries.flatMap((delivery) => linesOf(delivery, style)),
    ...(missing > 0 ? [style.dim(`and ${missing} more`)] : []),
    ...(totals.held + totals.dead > 0 ? ['When the cause is mended: gts notices retry'] : []),
  ];
  return `${lines.join('\n')}\n`;
};

const linesOf = (delivery: NoticeDelivery, style: Style): string[] => {
  const { status, recipient, subject, decided_at, reason } = delivery;
  const heading = `${STATUS[status]}  ${recipient}  ${subject ?? delivery.notice}`;
  return [
    status === 'waiting' ? sanitizeForTerminal(heading) : style.failure(sanitizeForTerminal(heading)),
    `  decided ${decided_at ?? 'at a time that is not known'}, ${plural(delivery.attempts, 'attempt')}${whenNext(delivery)}`,
    ...(reason === null ? [] : [`  ${sanitizeForTerminal(reason)}`]),
  ];
};

const STATUS: Readonly<Record<NoticeDelivery['status'], string>> = {
  waiting: 'waiting ',
  held: 'HELD    ',
  dead: 'GIVEN UP',
};

const whenNext = ({ status, next_at: nextAt }: NoticeDelivery): string => {
  if (status === 'dead') return ', not tried again by itself';
  return nextAt === null ? ', due now' : `, next not before ${nextAt}`;
};
