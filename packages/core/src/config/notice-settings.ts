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
    description: 'Mail server that takes the notices. Without one no mail is sent.',
    example: 'smtp.example.org',
  }),
  SMTP_PORT: setting({
    group: 'Notices',
    flag: '--smtp-port',
    kind: wholeNumber(1, 65_535),
    default: '587',
    description:
      'Port of the mail server. It also says how the connection is encrypted while neither SMTP_TLS nor SMTP_STARTTLS does: 465 from the first byte, 587 by STARTTLS or not at all, any other by STARTTLS where the server offers it.',
    example: '465',
  }),
  SMTP_USER: optionalSetting({
    group: 'Notices',
    flag: '--smtp-user',
    kind: oneLine,
    description: 'Account on the mail server; together with SMTP_PASS or not at all.',
    example: 'scanner@example.org',
  }),
  SMTP_PASS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-pass',
    kind: oneLine,
    secret: true,
    description:
      'Password of that account. Other users of this machine can read a flag; a file cannot be read so easily.',
    example: 'correct-horse-battery',
  }),
  SMTP_FROM: setting({
    group: 'Notices',
    flag: '--smtp-from',
    kind: mailbox,
    default: 'scanner@localhost',
    description: 'Sender of the mails. Many servers take mail from addresses of their own only.',
    example: 'Image scanner <scanner@example.org>',
  }),
  SMTP_TO: setting({
    group: 'Notices',
    flag: '--smtp-to',
    kind: mailboxes,
    default: '',
    description:
      'Who gets the mails. Each recipient is served by itself: one that is refused keeps no other from its mail. A name with a comma stands in quotes.',
    example: 'Ops <ops@example.org>,security@example.org',
  }),
  SMTP_TLS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-tls',
    kind: yesOrNo,
    description:
      'Encrypt from the first byte, whatever the port. Not together with SMTP_STARTTLS; both off: never encrypt.',
    example: 'on',
  }),
  SMTP_STARTTLS: optionalSetting({
    group: 'Notices',
    flag: '--smtp-starttls',
    kind: yesOrNo,
    description: 'Encrypt by STARTTLS and send nothing to a server that does not offer it.',
    example: 'off',
  }),
  SMTP_CA_FILE: optionalSetting({
    group: 'Notices',
    kind: path,
    description:
      'Certificates of authorities that the mail server’s may come from, besides those trusted anyway: the system’s, and what SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS name. A PEM file; in the container one in `/run/secrets`.',
    example: '/run/secrets/mail-authority.pem',
  }),
  SMTP_SUBJECT_PREFIX: setting({
    group: 'Notices',
    flag: '--smtp-subject-prefix',
    kind: oneLine,
    default: '[image-scanner]',
    description: 'What every subject starts with.',
    example: '[web1]',
  }),
  WEBHOOK_URL: optionalSetting({
    group: 'Notices',
    kind: address('https', 'http'),
    secret: true,
    description: 'Address that gets everything that is mailed, as JSON by POST.',
    example: 'https://hooks.example.org/scanner',
  }),
  WEBHOOK_SECRET: optionalSetting({
    group: 'Notices',
    kind: oneLine,
    secret: true,
    description:
      'Key by which the receiver can tell that a request is ours: HMAC-SHA256 in the header `x-scanner-signature`.',
    example: 'a-long-random-text',
  }),
  NOTIFY_REPEAT: setting({
    group: 'Notices',
    kind: repeat,
    default: 'never',
    description:
      'When what was told is told again while nobody accepts it: `never`, with `every-pass`, or after a time.',
    example: '7d',
  }),
  NOTIFY_FAILURES_AFTER: setting({
    group: 'Notices',
    kind: wholeNumber(1, 1000),
    default: '3',
    description: 'Failing passes in a row after which a failure is told.',
    example: '5',
  }),
  NOTIFY_DIGEST: setting({
    group: 'Notices',
    kind: digest,
    default: 'off',
    description:
      'How often a digest is sent: what is open, what became new and was resolved since the last one, and that passes are made. `off`: never.',
    example: 'weekly',
  }),
  NOTIFY_EXPIRING: setting({
    group: 'Notices',
    kind: duration(0),
    default: '14d',
    description:
      'How long before an acceptance ends it is told, once. Not where it was made for a shorter time; `0d`: never.',
    example: '30d',
  }),
};
