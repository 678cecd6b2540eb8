import type { OutboxMessage } from '@scanner/core';
import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer';

import { type ChannelSender, failed, SENT } from '../outbox/channel-sender.ts';
import { connectToMailServer } from './mail-connection.ts';
import { mailFailure } from './mail-failure.ts';
import { MAIL_TIMEOUTS, type MailOptions, smtpOptions } from './smtp-options.ts';

/**
 * Sends mail through one server, on a connection of its own for each recipient, so that each one's success is known by
 * itself.
 *
 * @example
 * const mail = createMailSender({
 *   host: 'smtp.example.org',
 *   port: 587,
 *   security: 'required',
 *   account: { user: 'scanner', pass },
 *   from: { name: 'Image scanner', address: 'scanner@example.org' },
 * });
 */
export const createMailSender = (options: MailOptions): ChannelSender => {
  const { host, port, from } = options;
  const timeouts = { ...MAIL_TIMEOUTS, ...options.timeouts };
  const transportUntil = (deadline: AbortSignal) =>
    createTransport({
      ...smtpOptions(options),
      getSocket: (_, use) => {
        connectToMailServer({ host, port, timeoutMs: timeouts.connection }, deadline).then(
          (connection) => use(null, { connection }),
          (error: unknown) => use(error instanceof Error ? error : new Error(String(error))),
        );
      },
    });
  return {
    async send(message, recipient, signal) {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeouts.whole)]);
      try {
        await transportUntil(deadline).sendMail({ ...mailOf(message, recipient, options), signal: deadline });
        return SENT;
      } catch (error) {
        signal.throwIfAborted();
        const known: NodemailerError = error instanceof Error ? error : new Error(String(error));
        if (deadline.aborted) known.code = 'ETIMEDOUT';
        return failed(mailFailure(known, { host, port, sender: from.address, recipient }));
      }
    },
  };
};

const mailOf = ({ mail, createdAt }: OutboxMessage, recipient: string, { from }: MailOptions): SendMailOptions => {
  if (mail === null) throw new TypeError('this message is not meant to be mailed');
  const { subject, text, html, messageId, thread, recipients, names } = mail;
  return {
    from: { ...from },
    to: recipients.map((address) => ({ name: names?.[address] ?? '', address })),
    envelope: { from: from.address, to: [recipient] },
    subject,
    text,
    html,
    messageId,
    references: [thread],
    date: new Date(createdAt),
    // What was estimated to stay below the limit must not be written in another way.
    textEncoding: 'quoted-printable',
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': listId(thread),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

/** The thread of a host as RFC 2919 names a list: the same for all of its mails, so that filters can go by it. */
const listId = (thread: string): string => thread.replace('@', '.');
