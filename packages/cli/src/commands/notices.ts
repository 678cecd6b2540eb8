import { existsSync } from 'node:fs';

import {
  type CommandContext,
  type CommonFlags,
  EXIT,
  type ExitCode,
  placeOf,
  readSettings,
  tellingFile,
} from '@scanner/app';
import { type Delivery, localTimeZone, type NoticeDelivery, type NoticesDocument, type Outbox } from '@scanner/core';
import { renderNotices } from '@scanner/report';
import { openTellingStore, type OpenTellingStore } from '@scanner/store';

/** What commander makes of the options of `gts notices retry`. */
export interface NoticesRetryFlags {
  readonly to?: string;
}

const MOST_LISTED = 1000;

/** `gts notices list`: every notice that did not reach somebody; ends with 1 where one is held or given up. */
export const noticesList = async (context: CommandContext, flags: CommonFlags): Promise<ExitCode> => {
  using outbox = openOutbox(context, flags);
  const document = outbox === null ? NOTHING : documentOf(outbox);
  const { console } = context;
  const appearance = { ...console.appearance, timeZone: localTimeZone() };
  await (console.json ? console.document(document) : console.result(renderNotices(document, appearance)));
  return document.totals.held + document.totals.dead > 0 ? EXIT.gate : EXIT.done;
};

/** `gts notices retry`: makes what did not reach somebody due now. Whoever holds the state delivers it. */
export const noticesRetry = async (
  context: CommandContext,
  flags: CommonFlags & NoticesRetryFlags,
): Promise<ExitCode> => {
  using outbox = openOutbox(context, flags);
  const due = outbox?.retry(flags.to) ?? 0;
  const { console } = context;
  if (console.json) await console.document({ schema: 'gts.notices-retry/1', due });
  else
    await console.result(
      due === 0
        ? 'no notice waits, so there is nothing to try again\n'
        : `deliveries due now: ${due}; the daemon tries them within a minute, otherwise the next gts host scan does\n`,
    );
  return EXIT.done;
};

/** Null where this host has told nothing yet: who only looks makes no store. */
const openOutbox = (context: CommandContext, flags: object): OpenTellingStore | null => {
  const { settings } = readSettings(context, flags, { layout: 'directory' });
  const file = tellingFile(placeOf(settings, context.cwd));
  return existsSync(file) ? openTellingStore(file, { log: context.console.log }) : null;
};

const NOTHING: NoticesDocument = {
  schema: 'gts.notices/1',
  deliveries: [],
  totals: { waiting: 0, held: 0, dead: 0 },
};

const documentOf = (outbox: Outbox): NoticesDocument => {
  const { pending, held, dead } = outbox.state();
  const deliveries = [...outbox.waiting(MOST_LISTED), ...outbox.deadLetters(MOST_LISTED)];
  return {
    schema: 'gts.notices/1',
    deliveries: deliveries.map((delivery) => described(delivery, outbox)),
    totals: { waiting: pending - held, held, dead },
  };
};

const described = (delivery: Delivery, outbox: Outbox): NoticeDelivery => {
  const message = outbox.find(delivery.message);
  return {
    notice: delivery.message,
    decided_at: message?.createdAt ?? null,
    subject: message?.mail?.subject ?? null,
    channel: delivery.channel,
    recipient: delivery.recipient,
    status: delivery.status === 'dead' ? 'dead' : delivery.heldSince === null ? 'waiting' : 'held',
    attempts: delivery.attempts,
    next_at: delivery.nextAt,
    held_since: delivery.heldSince,
    reason: delivery.lastError,
  };
};
