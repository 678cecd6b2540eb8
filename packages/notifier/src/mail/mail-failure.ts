import { sanitizeForTerminal } from '@scanner/core';
import type { NodemailerError } from 'nodemailer';

import type { DeliveryFailure } from '../outbox/channel-sender.ts';

/** Which server, sender and recipient an attempt was about. */
export interface MailAttempt {
  readonly host: string;
  readonly port: number;
  readonly sender: string;
  readonly recipient: string;
}

type Judgement = Omit<DeliveryFailure, 'reason'> & { readonly what: string };

/** Tells what an attempt that failed means, and what to do about it. */
export const mailFailure = (error: NodemailerError, attempt: MailAttempt): DeliveryFailure => {
  const { what, ...judgement } =
    error.responseCode === undefined ? judgeSilence(error, attempt) : judgeReply(error, attempt);
  const said = error.response ?? (error.code === 'ETIMEDOUT' ? '' : error.message);
  return {
    ...judgement,
    reason: sanitizeForTerminal(said === '' ? what : `${what}: ${said.slice(0, MAX_REPLY).replaceAll(/\s+/g, ' ')}`),
  };
};

const MAX_REPLY = 300;

const soon = (what: string): Judgement => ({ again: 'soon', scope: 'channel', what });
const slow = (what: string): Judgement => ({ again: 'slow', scope: 'channel', what });
const soonForRecipient = (what: string): Judgement => ({ again: 'soon', scope: 'recipient', what });
const never = (what: string): Judgement => ({ again: 'never', scope: 'recipient', what });

/** The server did not get to say anything about the mail. */
const judgeSilence = (error: NodemailerError, { host, port, recipient }: MailAttempt): Judgement => {
  const server = `${host}:${port}`;
  switch (error.code ?? '') {
    case 'EAUTH':
    case 'ENOAUTH':
      return slow(`could not sign in at the mail server ${server}; look at SMTP_USER and SMTP_PASS`);
    case 'EDNS':
      return soon(`the name of the mail server ${host} cannot be looked up; look at SMTP_HOST`);
    case 'ETIMEDOUT':
      return soon(`the mail server ${server} did not answer in time; look at SMTP_HOST and SMTP_PORT`);
    case 'ETLS':
    case 'EREQUIRETLS':
      return slow(`no encrypted connection to the mail server ${server}; look at SMTP_TLS and SMTP_STARTTLS`);
    case 'ESOCKET':
      return isTlsTrouble(error)
        ? slow(
            `no encrypted connection to the mail server ${server}; look at its certificate, SMTP_CA_FILE and SMTP_TLS`,
          )
        : soon(`no connection to the mail server ${server}`);
    case 'EENVELOPE':
    case 'EMESSAGE':
      return never(`the mail to ${recipient} could not be offered to ${server}`);
    default:
      return soon(`the connection to the mail server ${server} broke`);
  }
};

const isTlsTrouble = ({ originalCode = '', message }: NodemailerError): boolean =>
  /CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(originalCode) || /certificate|ssl|tls/i.test(message);

/** The server said no, at one step of the session. */
const judgeReply = (error: NodemailerError, attempt: MailAttempt): Judgement => {
  const { code, command = '', responseCode: reply = 0 } = error;
  const { host, port, sender, recipient } = attempt;
  const server = `${host}:${port}`;
  const forGood = error.permanent === true;
  if (code === 'EAUTH' || wantsLogin(reply))
    return slow(`the mail server ${server} refused the login; look at SMTP_USER and SMTP_PASS`);
  if (code === 'ETLS') return slow(`the mail server ${server} refused to encrypt; look at SMTP_STARTTLS`);
  if (reply === 421) return soon(`the mail server ${server} takes nothing now`);
  if (command === 'MAIL FROM')
    return forGood
      ? slow(`the mail server ${server} refused ${sender} as the sender; look at SMTP_FROM`)
      : soon(`the mail server ${server} does not take ${sender} as the sender now`);
  if (command === 'RCPT TO')
    return forGood
      ? never(`the mail server ${server} refused ${recipient}`)
      : soonForRecipient(`the mail server ${server} does not take ${recipient} now`);
  if (command === 'DATA')
    return forGood
      ? never(`the mail server ${server} refused the mail to ${recipient}`)
      : soonForRecipient(`the mail server ${server} does not take the mail to ${recipient} now`);
  return forGood
    ? slow(`the mail server ${server} refused the session`)
    : soon(`the mail server ${server} takes nothing now`);
};

/** Authentication required, too weak, or possible only when encrypted. */
const wantsLogin = (reply: number): boolean => [530, 534, 535, 538].includes(reply);
