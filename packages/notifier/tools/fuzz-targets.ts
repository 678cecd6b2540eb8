import { fuzzTarget, type FuzzTarget, mutatedText } from '@scanner/testing/fuzz';
import fc from 'fast-check';
import type { NodemailerError } from 'nodemailer';

import { mailFailure } from '../src/mail/mail-failure.ts';
import { webhookRefusal } from '../src/webhook/webhook-failure.ts';

const REPLIES = [
  '550 5.7.1 Relay access denied',
  '552 5.3.4 Message size exceeds fixed limit',
  '451 4.7.1 Greylisting in action, please come back later',
  '535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://example.org',
  '530 Must issue a STARTTLS command first',
  '421 Service not available',
];
const ATTEMPT = { host: 'mail.example', port: 587, sender: 'scanner@example.org', recipient: 'ops@example.org' };

interface Reply {
  readonly code: string;
  readonly command: string;
  readonly responseCode: number | undefined;
  readonly response: string;
  readonly permanent: boolean;
}

const LONGEST_REASON = 4000;

/** One line, and not a long one, whatever the server says. */
const readReply = ({ response, ...said }: Reply): unknown => {
  const error: NodemailerError = Object.assign(new Error(response), said, { response });
  const failure = mailFailure(error, ATTEMPT);
  if (/\p{Cc}/u.test(failure.reason) || failure.reason.length > LONGEST_REASON)
    throw new Error('a reason that is no line');
  return failure;
};

const readWait = ({ status, retryAfter }: { status: number; retryAfter: string }): unknown => {
  const failure = webhookRefusal(status, retryAfter);
  if ((failure.retryAfterMs ?? 0) > 3_600_000) throw new Error('a wait without end');
  return failure;
};

/** What this package reads that mail servers and webhooks answer. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'the reply of a mail server',
    inputs: fc.record({
      code: fc.constantFrom('EAUTH', 'EENVELOPE', 'EMESSAGE', 'ETLS', 'ESOCKET', 'ETIMEDOUT', 'EPROTOCOL', ''),
      command: fc.oneof(fc.constantFrom('MAIL FROM', 'RCPT TO', 'DATA', 'AUTH PLAIN', 'EHLO'), mutatedText(['DATA'])),
      responseCode: fc.option(fc.constantFrom(250, 421, 450, 451, 504, 530, 535, 538, 550, 552, 554), {
        nil: undefined,
      }),
      response: mutatedText(REPLIES),
      permanent: fc.boolean(),
    }),
    read: readReply,
    ofText: (response): Reply => ({ code: 'EMESSAGE', command: 'DATA', responseCode: 552, response, permanent: true }),
  }),
  fuzzTarget({
    name: 'the answer of a webhook',
    inputs: fc.record({ status: fc.integer({ min: 100, max: 999 }), retryAfter: mutatedText(['30', '99999999999']) }),
    read: readWait,
    ofText: (retryAfter) => ({ status: 503, retryAfter }),
  }),
];
