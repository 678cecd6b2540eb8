import { bothOrNeither } from './both-or-neither.ts';
import type { Rule } from './rule.ts';
import type { Settings } from './settings.ts';
import { smtpSecurity } from './smtp-security.ts';

type SettingRule = Rule<Settings>;

const oneWayToEncrypt: SettingRule = ({ settings: { SMTP_TLS: tls, SMTP_STARTTLS: startTls } }) =>
  tls === true && startTls === true
    ? {
        problem: {
          setting: 'SMTP_TLS',
          value: 'true, and SMTP_STARTTLS true',
          accepted: 'only one of them true: SMTP_TLS for port 465, SMTP_STARTTLS for 587',
        },
      }
    : null;

const mailHasRecipients: SettingRule = ({ settings: { SMTP_HOST: host, SMTP_TO: to } }) =>
  typeof host === 'string' && to?.length === 0
    ? {
        problem: {
          setting: 'SMTP_TO',
          value: 'nothing',
          accepted: 'at least one mail address, since SMTP_HOST is set',
        },
      }
    : null;

const recipientsNeedServer: SettingRule = ({ settings: { SMTP_HOST: host, SMTP_TO: to } }) =>
  host === null && to !== undefined && to.length > 0
    ? { warning: 'SMTP_TO has no effect without SMTP_HOST: no mail is sent' }
    : null;

const secretNeedsWebhook: SettingRule = ({ settings: { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } }) =>
  url === null && typeof secret === 'string' ? { warning: 'WEBHOOK_SECRET has no effect without WEBHOOK_URL' } : null;

const passwordStaysPrivate: SettingRule = ({ settings }) => {
  const { SMTP_HOST: host, SMTP_PASS: password, SMTP_PORT, SMTP_TLS, SMTP_STARTTLS } = settings;
  const isSent = typeof host === 'string' && typeof password === 'string';
  if (!isSent || SMTP_PORT === undefined || SMTP_TLS === undefined || SMTP_STARTTLS === undefined) return null;
  const security = smtpSecurity({ SMTP_PORT, SMTP_TLS, SMTP_STARTTLS });
  if (security === 'none')
    return {
      warning:
        'SMTP_PASS IS SENT UNENCRYPTED, readable to everyone between here and the mail server, since SMTP_TLS and SMTP_STARTTLS are off: turn one of them on',
    };
  if (security === 'opportunistic')
    return {
      warning: `SMTP_PASS is sent unencrypted where the mail server offers no STARTTLS on port ${SMTP_PORT}: turn SMTP_STARTTLS on`,
    };
  return null;
};

/** Rules that the settings of mail and webhook have to keep together. */
export const NOTICE_RULES: readonly SettingRule[] = [
  oneWayToEncrypt,
  mailHasRecipients,
  recipientsNeedServer,
  bothOrNeither('SMTP_USER', 'SMTP_PASS'),
  passwordStaysPrivate,
  secretNeedsWebhook,
];
