import type { OutboxMessage } from '@scanner/core';
import { html, momentInWords } from '@scanner/core';

import type { Attempt, ChannelSender } from '../outbox/channel-sender.ts';
import { inert } from '../render/notice-words.ts';
import { type Addressing, addressMail } from './addressing.ts';

export interface TestMailOptions extends Addressing {
  /** Of its own for each test: letters, digits, full stops and hyphens. */
  readonly id: string;
  readonly host: string;
  readonly subjectPrefix: string;
  /** ISO 8601. */
  readonly at: string;
  /** An IANA name: the moment is shown in it beside UTC. */
  readonly timeZone: string;
}

export interface TestMailResult {
  readonly recipient: string;
  readonly attempt: Attempt;
}

/**
 * Sends a real mail to each recipient, which says that it is a test. Asking a server whether it would take one is not
 * enough: many refuse a sender or a recipient only then.
 *
 * @throws the signal's reason on abort
 */
export const sendTestMail = async (
  sender: ChannelSender,
  options: TestMailOptions,
  signal: AbortSignal,
): Promise<readonly TestMailResult[]> => {
  const message = testMessage(options);
  const results: TestMailResult[] = [];
  for (const recipient of message.mail?.recipients ?? []) {
    const attempt = await sender.send(message, recipient, signal);
    results.push({ recipient, attempt });
    if (attempt.outcome === 'failed' && attempt.failure.scope === 'channel') break;
  }
  return results;
};

const testMessage = ({ id, host, subjectPrefix, at, timeZone, ...addressing }: TestMailOptions): OutboxMessage => {
  const line = `This is a test from the image scanner on ${inert(host)}, sent ${momentInWords(at, timeZone)}. Notices will arrive like this.`;
  const subject = `${inert(subjectPrefix)} ${inert(host)}: test mail`.trim();
  return {
    id,
    createdAt: at,
    mail: {
      subject,
      text: `${line}\n`,
      html: html`<!doctype html><meta charset="utf-8" />
        <p>${line}</p>`.text,
      ...addressMail(id, host, addressing),
    },
    webhook: null,
  };
};
