import { createMailSender, OutboxSender } from '@scanner/notifier';

import { JournalOutbox } from './journal-outbox.ts';

/** Delivers what is in the journal through the server at the port of a host, and ends. */
const [file = '', port = '', host = '127.0.0.1'] = process.argv.slice(2);
const mail = createMailSender({
  host,
  port: Number(port),
  security: 'none',
  account: null,
  from: { name: '', address: 'scanner@example.org' },
});
const sender = new OutboxSender({ outbox: new JournalOutbox(file), senders: { mail } });
await sender.deliverDue(new AbortController().signal, { early: true });
