import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { startSmtpServer } from '@scanner/testing';
import { z } from 'zod';

/** Where a host's notices go: a mail server and a webhook that keep what comes in. */
export interface Receivers extends AsyncDisposable {
  /** What tells the programs to send there. */
  readonly environment: Readonly<Record<string, string>>;
  /** From now on a notice is due that holds this word, and no other notice may hold it. */
  expect(word: string): void;
  /** Which words were not told by a channel, or under two message IDs; the same notice may come twice. */
  faults(): readonly string[];
}

type Channel = (typeof CHANNELS)[number];
const CHANNELS = ['mail', 'webhook'] as const;

interface Message {
  readonly id: string;
  readonly text: string;
}

const WebhookBody = z.object({ id: z.string(), text: z.string() });

export async function startReceivers(): Promise<Receivers> {
  const words: string[] = [];
  const messages: Record<Channel, Message[]> = { mail: [], webhook: [] };
  const smtp = await startSmtpServer({ onMail: ({ raw }) => void messages.mail.push(readMail(raw.toString())) });
  const webhook = createServer((request, answer) => {
    void readWebhook(request).then((message) => {
      messages.webhook.push(message);
      answer.end();
    });
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  const address = webhook.address();
  if (address === null || typeof address === 'string') throw new Error('The webhook has no port.');
  return {
    environment: {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_TO: 'ops@example.org',
      WEBHOOK_URL: `http://127.0.0.1:${address.port}/notices`,
    },
    expect: (word) => void words.push(word),
    faults: () =>
      words.flatMap((word) => CHANNELS.flatMap((channel) => faultsOf(word, channel, idsOf(word, messages[channel])))),
    async [Symbol.asyncDispose]() {
      webhook.close();
      webhook.closeAllConnections();
      await smtp[Symbol.asyncDispose]();
    },
  };
}

function idsOf(word: string, messages: readonly Message[]): readonly string[] {
  return [...new Set(messages.flatMap(({ id, text: told }) => (told.includes(word) ? [id] : [])))];
}

function faultsOf(word: string, channel: Channel, ids: readonly string[]): readonly string[] {
  if (ids.length === 1) return [];
  return [`${word} was told by ${channel} ${ids.length === 0 ? 'not at all' : `under ${ids.join(' and ')}`}`];
}

/** The text part, in which lines are broken anywhere. */
function readMail(raw: string): Message {
  const [, id = 'a mail without an ID'] = /^Message-ID: <([^@>]+)/im.exec(raw) ?? [];
  return { id, text: raw.replaceAll(/=\r?\n/g, '') };
}

async function readWebhook(request: IncomingMessage): Promise<Message> {
  return WebhookBody.parse(JSON.parse(await text(request)));
}
