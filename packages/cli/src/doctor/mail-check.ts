import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';

import { tellingFile } from '@scanner/app';
import { mailSenderOf, knownHostName } from '@scanner/app/host';
import { type Check, localTimeZone, ScannerError } from '@scanner/core';
import { type Settings, type SmtpSecurity, smtpSecurity } from '@scanner/core/config';
import { sendTestMail } from '@scanner/notifier';
import { openTellingStore } from '@scanner/store';

import { bad, type CheckParts, good, odd } from './check.ts';

/** By which server notices are mailed, and what of them did not reach everybody yet. Asks no server. */
export const checkMail = (parts: CheckParts): Check => {
  try {
    const { waiting, trouble } = deliveriesOf(parts);
    const message = [serverOf(parts.settings), ...waiting].join('; ');
    return trouble === null ? good('mail', message) : odd('mail', message, trouble);
  } catch (error) {
    return bad('mail', error);
  }
};

/** Sends a real mail to every recipient of the settings; one check for each that was tried. */
export const checkTestMail = async ({ context, settings, place }: CheckParts): Promise<Check[]> => {
  const sender = await mailSenderOf(context, settings);
  if (sender === null) return [bad('test mail', NO_SERVER)];
  const results = await sendTestMail(
    sender,
    {
      id: randomUUID(),
      host: knownHostName(place.state, settings.HOST_NAME) ?? 'a host without a name',
      subjectPrefix: settings.SMTP_SUBJECT_PREFIX,
      at: new Date().toISOString(),
      timeZone: localTimeZone(),
      from: settings.SMTP_FROM,
      to: settings.SMTP_TO,
    },
    context.signal,
  );
  return results.map(({ recipient, attempt }) =>
    attempt.outcome === 'sent'
      ? good('test mail', `${settings.SMTP_HOST} took it for ${recipient}`)
      : bad('test mail', new Error(attempt.failure.reason)),
  );
};

const NO_SERVER = new ScannerError('no mail can be sent, since SMTP_HOST is not set', {
  code: 'setting_invalid',
  hint: 'set SMTP_HOST and SMTP_TO',
});

const ENCRYPTION: Readonly<Record<SmtpSecurity, string>> = {
  implicit: 'encrypted from the first byte',
  required: 'STARTTLS required',
  opportunistic: 'STARTTLS where the server offers it',
  none: 'never encrypted',
};

const serverOf = (settings: Settings): string =>
  settings.SMTP_HOST === null
    ? 'none is sent, since SMTP_HOST is not set'
    : `${settings.SMTP_HOST}:${settings.SMTP_PORT}, ${ENCRYPTION[smtpSecurity(settings)]}, to ${settings.SMTP_TO.map(({ address }) => address).join(', ')}`;

interface Deliveries {
  readonly waiting: readonly string[];
  /** Why some did not arrive; null while there is nothing to look after. */
  readonly trouble: string | null;
}

const deliveriesOf = ({ context, place }: CheckParts): Deliveries => {
  const file = tellingFile(place);
  if (!existsSync(file)) return { waiting: [], trouble: null };
  using store = openTellingStore(file, { log: context.console.log });
  const { pending, held, dead, lastError } = store.state();
  const refused = store.deadLetters(1)[0]?.lastError ?? null;
  return {
    waiting: [`deliveries that wait: ${pending}`, `held: ${held}`, `given up: ${dead}`],
    trouble: lastError ?? refused,
  };
};
