import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';

import { localTimeZone, type Log, type Notice, type Outbox, type OutboxMessage, Telling } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { freezeNotice, OutboxSender, type OutboxSenderParts } from '@scanner/notifier';
import { BaselineDirectory, openTellingStore } from '@scanner/store';

import type { CommandContext } from '../command-context.ts';
import { trustAuthorities } from './authorities.ts';
import { type HostIdentity, openHostIdentity } from './host-identity.ts';
import { mailSenderOf } from './mail-sender.ts';
import { type Place, tellingFile } from '../place.ts';
import { type PlacesOnHost, placesOnHost } from './places-on-host.ts';

export interface OpenTelling extends AsyncDisposable {
  readonly telling: Telling;
  readonly identity: HostIdentity;
  /** What is on its way to people. */
  readonly outbox: Outbox;
  /** Delivers in the background, for who stays. */
  readonly sender: OutboxSender;
  /**
   * Tries everything that waits, once; a mail server that refuses the password is asked once, for however many mails.
   *
   * @returns what did not reach somebody this time, as sentences
   */
  deliver(signal: AbortSignal): Promise<string[]>;
}

export interface OpenTellingOptions {
  /** Stands before the outbox and sees what becomes of each delivery. */
  readonly watchOutbox?: (outbox: Outbox) => Outbox;
}

/** Compares a host's passes with what people know, and tells them by the channels of the settings. */
export const openTelling = async (
  context: CommandContext,
  settings: Settings,
  place: Place,
  { watchOutbox = (outbox) => outbox }: OpenTellingOptions = {},
): Promise<OpenTelling> => {
  const { log } = context.console;
  await using opened = new AsyncDisposableStack();
  const store = opened.use(openTellingStore(tellingFile(place), { log }));
  const senders = await openSenders(context, settings, opened);
  const identity = await openHostIdentity(place.state, { givenName: settings.HOST_NAME, log });
  const telling = new Telling(
    {
      store,
      baselines: new BaselineDirectory(resolve(context.cwd, settings.SNAPSHOT_DIR)),
      freeze: (notice) => freeze(notice, settings, { identity, ...placesOnHost(settings, context.cwd) }),
      hostName: () => identity.name,
    },
    {
      repeat: settings.NOTIFY_REPEAT,
      failuresAfter: settings.NOTIFY_FAILURES_AFTER,
      accept: settings.SNAPSHOT_WRITE,
      tellsNobody: !hasChannel(settings),
      expiringSeconds: settings.NOTIFY_EXPIRING,
      digest: settings.NOTIFY_DIGEST,
    },
  );
  const outbox = watchOutbox(store);
  const sender = new OutboxSender({ outbox, senders, log });
  const standing = opened.move();
  return {
    telling,
    identity,
    outbox,
    sender,
    deliver: async (signal) => {
      // Nobody waits here for a break to end, and the next pass may be a day away.
      const { postponed, dead } = await sender.deliverDue(signal, { early: true });
      warnOfChannelsMissed(store, senders, log);
      return [
        ...(postponed === 0
          ? []
          : [
              `${store.state().pending} deliveries of notices wait to be tried again, ${store.state().held} of them until somebody changes something: ${store.state().lastError ?? ''}`,
            ]),
        ...(dead === 0
          ? []
          : [`${dead} deliveries of notices were permanently rejected: ${store.deadLetters(1)[0]?.lastError ?? ''}`]),
      ];
    },
    [Symbol.asyncDispose]: () => standing.disposeAsync(),
  };
};

/** Whether there is anybody to tell. */
export const hasChannel = ({ SMTP_HOST, WEBHOOK_URL }: Pick<Settings, 'SMTP_HOST' | 'WEBHOOK_URL'>): boolean =>
  SMTP_HOST !== null || WEBHOOK_URL !== null;

/** What was decided for a channel that the settings name no more is neither sent nor forgotten. */
const warnOfChannelsMissed = (outbox: Outbox, senders: OutboxSenderParts['senders'], log: Log): void => {
  const missed = new Set(outbox.heads().flatMap(({ channel }) => (senders[channel] === undefined ? [channel] : [])));
  for (const channel of missed)
    log.warn(
      `notices wait for the ${channel} channel, which is no longer configured; they are sent once it is configured again`,
    );
};

const openSenders = async (
  context: CommandContext,
  settings: Settings,
  opened: AsyncDisposableStack,
): Promise<OutboxSenderParts['senders']> => {
  const mail = await mailSenderOf(context, settings);
  const webhook = await webhookSenderOf(context, settings);
  return { ...(mail !== null && { mail }), ...(webhook !== null && { webhook: opened.use(webhook) }) };
};

/** Loaded where it is set up, since what it stands on takes as long to load as all the rest of a pass. */
const webhookSenderOf = async (
  { env, console }: CommandContext,
  { WEBHOOK_URL: url, WEBHOOK_SECRET: secret }: Settings,
) => {
  if (url === null) return null;
  trustAuthorities(env, console.log);
  return (await import('@scanner/notifier')).createWebhookSender({ url, secret });
};

interface Sender extends PlacesOnHost {
  readonly identity: HostIdentity;
}

const freeze = (notice: Notice, settings: Settings, { identity, logs, directory }: Sender): OutboxMessage | null => {
  const mail = settings.SMTP_HOST === null ? null : { from: settings.SMTP_FROM, to: settings.SMTP_TO };
  const webhook = settings.WEBHOOK_URL !== null;
  if (!hasChannel(settings)) return null;
  return freezeNotice(notice, {
    id: randomUUID(),
    host: identity.name,
    hostId: identity.id,
    logs,
    directory,
    timeZone: localTimeZone(),
    subjectPrefix: settings.SMTP_SUBJECT_PREFIX,
    mail,
    webhook,
  });
};
