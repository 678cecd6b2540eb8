import { createMailSender } from '@scanner/notifier';
import { openTellingStore } from '@scanner/store';
import { startSmtpServer } from '@scanner/testing';

import { MAIL_FROM, MESSAGE_ID } from './measured-mail.ts';

/** What a mail server receives of the mail in the store: bytes, headers included. Throws when none arrives. */
export async function deliveredBytes(databaseFile: string, signal: AbortSignal): Promise<number> {
  using store = openTellingStore(databaseFile);
  const message = store.find(MESSAGE_ID);
  const recipient = message?.mail?.recipients[0];
  if (message === undefined || recipient === undefined) throw new Error('the store has no mail to deliver');
  await using server = await startSmtpServer();
  const sender = createMailSender({
    host: 'localhost',
    port: server.port,
    security: 'none',
    account: null,
    from: MAIL_FROM,
  });
  await sender.send(message, recipient, signal);
  const [mail] = server.mails;
  if (mail === undefined) throw new Error('the mail did not reach the server');
  return mail.raw.length;
}
