import { momentInWords, type NoticeDelivery, type NoticesDocument } from '@scanner/core';

import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { plural } from '../text/words.ts';

/** How the list is shown, and where it is read. */
export interface NoticesOptions extends TableOptions {
  /** An IANA name: times are shown in it beside UTC. */
  readonly timeZone: string;
}

/** Every notice that did not reach somebody, with why and when it goes again. Ends with a line break. */
export const renderNotices = ({ deliveries, totals }: NoticesDocument, options: NoticesOptions): string => {
  if (deliveries.length === 0) return 'Every notice was delivered\n';
  const style = new Style(options);
  const missing = totals.waiting + totals.held + totals.dead - deliveries.length;
  const lines = [
    `Not delivered: ${totals.waiting} waiting, ${totals.held} held, ${totals.dead} given up`,
    ...deliveries.flatMap((delivery) => linesOf(delivery, style, options.timeZone)),
    ...(missing > 0 ? [style.dim(`and ${missing} more`)] : []),
    ...(totals.held + totals.dead > 0 ? ['When the cause is mended: gts notices retry'] : []),
  ];
  return `${lines.join('\n')}\n`;
};

const linesOf = (delivery: NoticeDelivery, style: Style, timeZone: string): string[] => {
  const { status, recipient, subject, decided_at, reason } = delivery;
  const heading = `${STATUS[status]}  ${recipient}  ${subject ?? delivery.notice}`;
  return [
    status === 'waiting' ? sanitizeForTerminal(heading) : style.failure(sanitizeForTerminal(heading)),
    `  decided ${decided_at === null ? 'at a time that is not known' : momentInWords(decided_at, timeZone)}, ${plural(delivery.attempts, 'attempt')}${whenNext(delivery, timeZone)}`,
    ...(reason === null ? [] : [`  ${sanitizeForTerminal(reason)}`]),
  ];
};

const STATUS: Readonly<Record<NoticeDelivery['status'], string>> = {
  waiting: 'waiting ',
  held: 'HELD    ',
  dead: 'GIVEN UP',
};

const whenNext = ({ status, next_at: nextAt }: NoticeDelivery, timeZone: string): string => {
  if (status === 'dead') return ', not tried again by itself';
  return nextAt === null ? ', due now' : `, next not before ${momentInWords(nextAt, timeZone)}`;
};
