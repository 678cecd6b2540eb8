/**
 * Run as a child process: over the store argv[2], decides one notice after the other and delivers it to two recipients,
 * each of which notes its number in a file of its own in the directory argv[3]. The state of pass n knows n findings.
 * Starts when stdin says so and says `open` then; never ends by itself.
 */
import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { NOTHING_TOLD, type PassTold, unscannedReference } from '@scanner/core';
import { openTellingStore } from '@scanner/store';

const [file = '', received = ''] = process.argv.slice(2);
const AT = '2026-11-22T00:00:00.000Z';
const PASS_MS = 3;

const passTold = (pass: number): PassTold => ({
  state: {
    ...NOTHING_TOLD,
    references: [
      {
        ...unscannedReference('app:1', AT),
        standing: 'pending',
        unlisted: Array.from({ length: pass }, (_, index) => [
          `CVE-2026-${index}|pkg:deb/debian/openssl|`,
          [[AT, 'LOW', null]],
        ]),
      },
    ],
  },
  message: {
    id: String(pass),
    createdAt: AT,
    mail: {
      subject: `pass ${pass}`,
      text: 'text '.repeat(1000),
      html: '<p>',
      messageId: `<${pass}@example.org>`,
      thread: '<host@example.org>',
      recipients: ['a@example.org', 'b@example.org'],
    },
    webhook: null,
  },
});

process.stdout.write('ready\n');
await once(process.stdin, 'data');
using store = openTellingStore(file);
process.stdout.write('open\n');
for (;;) {
  for (const head of store.heads()) {
    appendFileSync(`${received}/${head.recipient}`, `${store.find(head.message)?.id}\n`);
    await sleep(1);
    store.recordSent(head, AT);
  }
  await sleep(PASS_MS);
  const pass = (store.read().state.references[0]?.unlisted?.length ?? 0) + 1;
  store.commit(passTold(pass));
  await sleep(1);
}
