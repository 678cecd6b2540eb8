import type { OutboxMessage } from '@scanner/core';

/** A message for one recipient by mail, unless told. */
export const aMessage = (
  id: string,
  { recipients = ['ops@example.org'], webhook = null, ...mail }: MessageParts = {},
): OutboxMessage => ({
  id,
  createdAt: '2026-11-22T03:00:00.000Z',
  mail: {
    messageId: `<${id}@example.org>`,
    thread: '<host.web1@example.org>',
    subject: `[image-scanner] ${id}`,
    text: `text of ${id}\n`,
    html: `<p>html of ${id}</p>\n`,
    ...mail,
    recipients: [...recipients],
  },
  webhook,
});

type MessageParts = Partial<Omit<NonNullable<OutboxMessage['mail']>, 'recipients'>> & {
  readonly recipients?: readonly string[];
  readonly webhook?: string | null;
};
