import { type Settings, smtpSecurity } from '@scanner/core/config';
import type { ChannelSender } from '@scanner/notifier';

/** Sends mail by the server of the settings; null where they name none. */
export const mailSenderOf = async (settings: Settings): Promise<ChannelSender | null> => {
  const { SMTP_HOST: host, SMTP_PORT: port, SMTP_USER: user, SMTP_PASS: pass, SMTP_FROM: from } = settings;
  if (host === null) return null;
  const { createMailSender } = await import('@scanner/notifier');
  return createMailSender({
    host,
    port,
    security: smtpSecurity(settings),
    account: user === null || pass === null ? null : { user, pass },
    from,
  });
};
