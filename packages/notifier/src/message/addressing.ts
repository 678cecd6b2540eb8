import { createHash } from 'node:crypto';

import type { OutboxMessage } from '@scanner/core';
import type { Mailbox } from '@scanner/core/config';

import { mailDomain } from '../mail/smtp-options.ts';

/** From whom mails come, and to whom they go. */
export interface Addressing {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
}

type Mail = NonNullable<OutboxMessage['mail']>;

/**
 * What makes a mail findable, from the domain of its sender, since receivers distrust that of a container.
 *
 * @throws TypeError where the ID has anything but letters, digits, full stops and hyphens
 */
export const addressMail = (
  id: string,
  hostId: string,
  { from, to }: Addressing,
): Pick<Mail, 'messageId' | 'thread' | 'recipients' | 'names'> => {
  if (!/^[\w.-]{1,128}$/.test(id))
    throw new TypeError('the ID of a message has letters, digits, full stops and hyphens');
  const domain = mailDomain(from.address);
  const thread = createHash('sha256').update(hostId).digest('hex').slice(0, 16);
  return {
    messageId: `<${id}@${domain}>`,
    thread: `<host.${thread}@${domain}>`,
    recipients: [...new Set(to.map(({ address }) => address))],
    names: Object.fromEntries(to.flatMap(({ name, address }) => (name === '' ? [] : [[address, name]]))),
  };
};
