import { z } from 'zod';

import { DIGEST_PERIODS, type DigestPeriod } from '../notice/digest-state.ts';
import type { NoticeRepeat } from '../notice/pass.ts';
import { parseDuration } from './durations.ts';
import { mailbox, mailboxes } from './mailbox.ts';
import { optionalSetting, setting } from './setting.ts';
import type { ValueKind } from './value-kind.ts';
import { address, duration, oneLine, path, wholeNumber, yesOrNo } from './value-kind.ts';

const hostName: ValueKind<string> = {
  accepted: 'the name or IP address of a host, without a port',
  placeholder: 'host',
  schema: z
    .string()
    .regex(/^\s*[\p{L}\p{N}][\p{L}\p{N}._-]{0,254}\s*$|^\s*(?=.*:.*:)[\da-f:.]{2,45}\s*$/iu)
    .transform((text) => text.trim()),
};

const repeat: ValueKind<NoticeRepeat> = {
  accepted: 'never, every-pass, or a time such as 7d',
  placeholder: 'time',
  schema: z.string().transform((text, context): NoticeRepeat => {
    const written = text.trim().toLowerCase();
    if (written === 'never' || written === 'every-pass') return written;
    const everySeconds = parseDuration(written);
    if (everySeconds !== null && everySeconds > 0) return { everySeconds };
    context.addIssue({ code: 'invalid_format', format: 'duration' });
    return z.NEVER;
  }),
};

const digest: ValueKind<DigestPeriod | null> = {
  accepted: 'weekly, monthly or off',
  placeholder: 'period',
  schema: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .pipe(z.enum([...DIGEST_PERIODS, 'off']))
    .transform((period) => (period === 'off' ? null : period)),
};

/** Who is told what changed, and how. */
export const NOTICE_SETTINGS = {
  HOST_NAME: optionalSetting({
    group: 'Notices',
    flag: '--host-name',
    kind: oneLine,
    description:
      "What notices and metrics call this host. Unless set, the name that its Docker engine gives, else this machine's.",
    example: 'web1',
  }),
  HOST_DIR: optionalSetting({
    group: 'Notices',
    kind: path,
    description:
      'Where SCANNER_DIR of the container lies on the host, so that notices name paths that people can open. `docker/compose.yaml` and `gts host up` set it.',
    example: '/srv/security',
  }),
  SMTP_HOST: optionalSetting({
    group: 'Notices',
    flag: '--smtp-host',
    kind: hostName,
    description: 'Mail server that notices are sent through. Without it no mail is sent.',
    example: 'smtp.example.org',
  }),
  SMTP_PORT: setting({
    group: 'Notices',
    flag: '--smtp-port',
    kind: wholeNumber(1, 65_535),
    default: '587',
    description:
      'Port of the mail server. Unless SMTP_TLS or SMTP_STARTTLS is set, the port decides the encryption: 465 uses TLS from the first byte; 587 requires STARTTLS, and without it nothing is sent; any other port uses STARTTLS if the server offers it and sends unencrypted if not.',
    example: '465',
  }),
  SMTP_USER: optionalSetting({
    group: 'Notices',
    flag: '--smtp-user',
    kind: oneLine,
    description: 'Account on the mail server. Requires SMTP_PASS.',
    example: 'scanner@example.org',
  }),
  SMTP_PASS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-pass',
    kind: oneLine,
    secret: true,
    description:
      'Password of the account SMTP_USER. Prefer the file `secrets/SMTP_PASS`: other users of this machine can read command-line flags.',
    example: 'correct-horse-battery',
  }),
  SMTP_FROM: setting({
    group: 'Notices',
    flag: '--smtp-from',
    kind: mailbox,
    default: 'scanner@localhost',
    description: 'Sender of the mails. Many mail servers reject senders outside their own domains.',
    example: 'Image scanner <scanner@example.org>',
  }),
  SMTP_TO: setting({
    group: 'Notices',
    flag: '--smtp-to',
    kind: mailboxes,
    default: '',
    description:
      'Recipients of the mails. Each gets a delivery of its own: a rejected address does not affect the others. Put a display name that contains a comma in double quotes.',
    example: 'Ops <ops@example.org>,security@example.org',
  }),
  SMTP_TLS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-tls',
    kind: yesOrNo,
    description:
      'Use TLS from the first byte, whatever the port. Cannot be on together with SMTP_STARTTLS; with both off the connection is never encrypted.',
    example: 'on',
  }),
  SMTP_STARTTLS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-starttls',
    kind: yesOrNo,
    description: 'Require STARTTLS: nothing is sent to a mail server that does not offer it.',
    example: 'off',
  }),
  SMTP_CA_FILE: optionalSetting({
    group: 'Notices',
    kind: path,
    description:
      'PEM file of certificate authorities to trust for the mail server, in addition to those of the system and of SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS. In the container: a file in `/run/secrets`.',
    example: '/run/secrets/mail-authority.pem',
  }),
  SMTP_SUBJECT_PREFIX: setting({
    group: 'Notices',
    flag: '--smtp-subject-prefix',
    kind: oneLine,
    default: '[image-scanner]',
    description: 'Text that every mail subject starts with.',
    example: '[web1]',
  }),
  WEBHOOK_URL: optionalSetting({
    group: 'Notices',
    kind: address('https', 'http'),
    secret: true,
    description: 'URL that gets each notice as JSON in a POST request.',
    example: 'https://hooks.example.org/scanner',
  }),
  WEBHOOK_SECRET: optionalSetting({
    group: 'Notices',
    kind: oneLine,
    secret: true,
    description:
      'Key that webhook requests are signed with: HMAC-SHA256 in the header `x-scanner-signature`. The receiver verifies it with the same key.',
    example: 'a-long-random-text',
  }),
  NOTIFY_REPEAT: setting({
    group: 'Notices',
    kind: repeat,
    default: 'never',
    description:
      'When to remind of findings that were reported and are neither accepted nor resolved: `never`, with every pass (`every-pass`), or after a time such as `7d`.',
    example: '7d',
  }),
  NOTIFY_FAILURES_AFTER: setting({
    group: 'Notices',
    kind: wholeNumber(1, 1000),
    default: '3',
    description: 'Number of failed passes in a row after which the failure is reported.',
    example: '5',
  }),
  NOTIFY_DIGEST: setting({
    group: 'Notices',
    kind: digest,
    default: 'off',
    description:
      'How often to send a digest: open findings, findings that became new or were resolved since the last digest, and whether passes are made. `off`: never.',
    example: 'weekly',
  }),
  NOTIFY_EXPIRING: setting({
    group: 'Notices',
    kind: duration(0),
    default: '14d',
    description:
      'How long before an acceptance ends to send one reminder. None is sent for an acceptance that was made for a shorter time; `0d`: never.',
    example: '30d',
  }),
};
