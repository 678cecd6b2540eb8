import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { type Settings, settingsError, smtpSecurity } from '@scanner/core/config';
import type { ChannelSender } from '@scanner/notifier';

import type { CommandContext } from '../command-context.ts';
import { trustAuthorities } from './authorities.ts';

type Context = Pick<CommandContext, 'cwd' | 'env' | 'console'>;

/**
 * Sends mail by the server of the settings; null where they name none.
 *
 * @throws ScannerError `setting_invalid` for a file of certificates that cannot be read
 */
export const mailSenderOf = async (context: Context, settings: Settings): Promise<ChannelSender | null> => {
  const { SMTP_HOST: host, SMTP_PORT: port, SMTP_USER: user, SMTP_PASS: pass, SMTP_FROM: from } = settings;
  if (host === null) return null;
  trustAuthorities(context.env, context.console.log);
  const trust = authoritiesOf(context, settings);
  const { createMailSender } = await import('@scanner/notifier');
  return createMailSender({
    host,
    port,
    security: smtpSecurity(settings),
    account: user === null || pass === null ? null : { user, pass },
    from,
    ...(trust !== null && { trust }),
  });
};

/**
 * Looks whether the authorities for mail can be read, for who sends the first mail much later.
 *
 * @throws ScannerError `setting_invalid`
 */
export const checkMailAuthorities = (context: Pick<CommandContext, 'cwd'>, settings: Settings): void => {
  authoritiesOf(context, settings);
};

const authoritiesOf = ({ cwd }: Pick<Context, 'cwd'>, { SMTP_CA_FILE: path }: Settings): string | null => {
  if (path === null) return null;
  try {
    const content = readFileSync(resolve(cwd, path), 'utf8');
    if (content.includes('-----BEGIN CERTIFICATE-----')) return content;
  } catch {
    // Said below.
  }
  throw settingsError([
    { setting: 'SMTP_CA_FILE', value: path, accepted: 'the path of a file with certificates in PEM that can be read' },
  ]);
};
