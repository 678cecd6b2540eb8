import { createMailSender, OutboxSender } from '@scanner/notifier';

import { JournalOutbox } from './journal-outbox.ts';

/** Delivers what is in the journal through the server at the port, and ends. */
const [file = '', port = ''] = process.argv.slice(2);
const mail = createMailSender({
  host: '127.0.0.1',
  port: Number(port),
  security: 'none',
  account: null,
  from: { name: '', address: 'scanner@example.org' },
});
const sender = new OutboxSender({ outbox: new JournalOutbox(file), senders: { mail } });
await sender.deliverDue(new AbortController().signal, { early: true });
