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
/** By so much of a reply it is judged: what is longer is no mail server's, and costs more than its length. */
const MAX_JUDGED = 2000;

const soon = (what: string): Judgement => ({ again: 'soon', scope: 'channel', what });
const held = (what: string): Judgement => ({ again: 'held', scope: 'channel', what });
const soonForRecipient = (what: string): Judgement => ({ again: 'soon', scope: 'recipient', what });
const heldForRecipient = (what: string): Judgement => ({ again: 'held', scope: 'recipient', what });
const never = (what: string): Judgement => ({ again: 'never', scope: 'recipient', what });

/** The server did not get to say anything about the mail. */
const judgeSilence = (error: NodemailerError, { host, port, recipient }: MailAttempt): Judgement => {
  const server = `${host}:${port}`;
  switch (error.code ?? '') {
    case 'EAUTH':
    case 'ENOAUTH':
      return held(`could not sign in at the mail server ${server}; check SMTP_USER and SMTP_PASS`);
    case 'EDNS':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return soon(`the name of the mail server ${host} cannot be looked up; check SMTP_HOST`);
    case 'ETIMEDOUT':
      return soon(`the mail server ${server} did not answer in time; check SMTP_HOST and SMTP_PORT`);
    case 'ETLS':
    case 'EREQUIRETLS':
      return held(`no encrypted connection to the mail server ${server}; check SMTP_TLS and SMTP_STARTTLS`);
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ESOCKET':
      return isTlsTrouble(error)
        ? held(`no encrypted connection to the mail server ${server}; check its certificate, SMTP_CA_FILE and SMTP_TLS`)
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

/** What a server answered, and where in the session. */
interface Refusal extends MailAttempt {
  readonly server: string;
  /** Nodemailer's name of what it was doing: `MAIL FROM`, `RCPT TO`, `DATA`, `AUTH …`, or another. */
  readonly command: string;
  readonly reply: number;
  /** The enhanced status code (RFC 3463) such as `5.7.1`; empty where the server gives none. */
  readonly enhanced: string;
  readonly text: string;
  readonly forGood: boolean;
  readonly atLogin: boolean;
}

/** The server said no, at one step of the session. */
const judgeReply = (error: NodemailerError, attempt: MailAttempt): Judgement => {
  const { code, command = '', responseCode: reply = 0 } = error;
  const response = (error.response ?? '').slice(0, MAX_JUDGED);
  const refusal: Refusal = {
    ...attempt,
    server: `${attempt.host}:${attempt.port}`,
    command,
    reply,
    enhanced: ENHANCED_CODE.exec(response)?.[1] ?? '',
    text: response,
    forGood: error.permanent === true,
    atLogin: code === 'EAUTH' || command.startsWith('AUTH'),
  };
  if (code === 'ETLS') return held(`the mail server ${refusal.server} refused to encrypt; check SMTP_STARTTLS`);
  return judgeSession(refusal) ?? judgeSize(refusal) ?? judgeStep(refusal);
};

const ENHANCED_CODE = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?:\s|$)/;

/** What is about encryption or the login comes at any step. */
const judgeSession = ({ server, reply, text, enhanced, atLogin }: Refusal): Judgement | null => {
  if (
    reply === 538 ||
    enhanced === '5.7.11' ||
    ([530, 451, 454, 554].includes(reply) && /starttls|encrypt/i.test(text))
  )
    return held(`the mail server ${server} asks for encryption first; set SMTP_STARTTLS=true`);
  if (reply === 504 && atLogin)
    return held(`the mail server ${server} offers no way to sign in with SMTP_USER and SMTP_PASS`);
  if (atLogin && reply >= 400 && reply < 500)
    return held(`the mail server ${server} takes no login now; it may have met too many`);
  if (atLogin || [530, 534, 535].includes(reply))
    return held(`the mail server ${server} refused the login; check SMTP_USER and SMTP_PASS`);
  return reply === 421 ? soon(`the mail server ${server} takes nothing now`) : null;
};

const judgeSize = ({ server, enhanced, text, forGood }: Refusal): Judgement | null =>
  forGood &&
  (enhanced === '5.3.4' || enhanced === '5.2.3' || /\b(message|size)\b.*(exceeds|too (large|big))/i.test(text))
    ? heldForRecipient(`the mail server ${server} takes no mail of that size; raise its limit`)
    : null;

const judgeStep = (refusal: Refusal): Judgement => {
  const { server, command, sender, recipient, forGood } = refusal;
  if (command === 'MAIL FROM')
    return forGood
      ? held(`the mail server ${server} refused ${sender} as the sender; check SMTP_FROM`)
      : soon(`the mail server ${server} does not take ${sender} as the sender now`);
  if (command === 'RCPT TO') return judgeRecipient(refusal);
  if (command === 'DATA') return judgeContent(refusal);
  return forGood
    ? held(`the mail server ${server} refused the session`)
    : soon(`the mail server ${server} takes nothing now for ${recipient}`);
};

const judgeRecipient = (refusal: Refusal): Judgement => {
  const { server, recipient, forGood } = refusal;
  if (!forGood) return soonForRecipient(`the mail server ${server} does not take ${recipient} now`);
  return isAboutSender(refusal)
    ? heldForRecipient(
        `the mail server ${server} takes no mail of this sender to ${recipient}; check who may send through it, at SMTP_FROM and at SMTP_USER`,
      )
    : never(`the mail server ${server} refused ${recipient}`);
};

const judgeContent = (refusal: Refusal): Judgement => {
  const { server, recipient, forGood } = refusal;
  if (!forGood) return soonForRecipient(`the mail server ${server} does not take the mail to ${recipient} now`);
  return isAboutSender(refusal)
    ? heldForRecipient(
        `the mail server ${server} took the mail to ${recipient} for one that this sender may not send; check SMTP_FROM and at what the server says`,
      )
    : never(`the mail server ${server} refused the mail to ${recipient}`);
};

/**
 * Whether a refusal speaks of policy, the sender, the account or the relay, and so would be the same for another
 * recipient. `5.7.x` are the enhanced codes for security and policy, `5.1.7` and `5.1.8` those for a bad sender.
 */
const isAboutSender = ({ enhanced, text }: Refusal): boolean =>
  /^5\.(7\.\d+|1\.[78])$/.test(enhanced) || ABOUT_SENDER.test(text);

const ABOUT_SENDER =
  /relay|not verified|unverified|spam|quota|rate limit|suspended|\bsender\b|not (allowed|authori[sz]ed|permitted) to send/i;
