import type { Notice, OutboxMessage } from '@scanner/core';

import { renderNotice, type RenderOptions } from '../render/render-notice.ts';
import { type Addressing, addressMail } from './addressing.ts';

export interface FreezeOptions extends RenderOptions {
  /** Of its own for each notice, such as a UUID: letters, digits, full stops and hyphens. */
  readonly id: string;
  /** Stays while the name changes: mails of one host stand together by it. */
  readonly hostId: string;
  /** Null where no mail is sent. */
  readonly mail: Addressing | null;
  /** Whether a webhook is told too. */
  readonly webhook: boolean;
}

/**
 * Makes of a notice what goes into the outbox: rendered once, so that every attempt sends the same.
 *
 * @example
 * const message = freezeNotice(notice, {
 *   id: randomUUID(),
 *   host,
 *   hostId,
 *   logs,
 *   directory,
 *   timeZone: localTimeZone(),
 *   subjectPrefix,
 *   mail: { from, to },
 *   webhook: false,
 * });
 */
export const freezeNotice = (
  notice: Notice,
  { id, hostId, mail, webhook, ...options }: FreezeOptions,
): OutboxMessage => {
  const content = renderNotice(notice, options);
  return {
    id,
    createdAt: notice.decidedAt,
    mail: mail === null ? null : { ...content, ...addressMail(id, hostId, mail) },
    webhook: webhook ? webhookBody(notice, { id, host: options.host, ...content }) : null,
  };
};

/** `text` stands by itself, so that a chat can show it as it is. */
const webhookBody = (
  notice: Notice,
  {
    id,
    host,
    subject,
    text,
  }: { readonly id: string; readonly host: string; readonly subject: string; readonly text: string },
): string => JSON.stringify({ schema: 'gts.webhook/1', id, created_at: notice.decidedAt, host, subject, text, notice });
