import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import PostalMime from 'postal-mime';
import { expect, it } from 'vitest';

import { InMemoryOutbox } from '@scanner/core/testing';
import { createMailSender, type MailOptions, OutboxSender } from '@scanner/notifier';
import { type ReceivedMail, startSmtpServer, temporaryDirectory } from '@scanner/testing';

import { aMessage } from '../src/testing/messages.ts';
import { JournalOutbox } from './support/journal-outbox.ts';

const DELIVER = fileURLToPath(new URL('support/deliver.ts', import.meta.url));
const MINUTE = 60_000;
const signal = AbortSignal.timeout(120_000);

class WallClock {
  time = Date.parse('2026-11-22T03:00:00Z');
  now(): Date {
    return new Date(this.time);
  }
  elapsed(): number {
    return this.time;
  }
}

const aSender = (port: number, options: Partial<MailOptions> = {}) => {
  const [outbox, clock] = [new InMemoryOutbox(), new WallClock()];
  const mail = createMailSender({
    host: '127.0.0.1',
    port,
    security: 'none',
    account: null,
    from: { name: '', address: 'scanner@example.org' },
    ...options,
  });
  return { outbox, clock, sender: new OutboxSender({ outbox, senders: { mail }, clock }) };
};

/** `Message-ID recipient` of each mail, as they came in. */
const arrivals = (mails: readonly ReceivedMail[]): Promise<string[]> =>
  Promise.all(
    mails.map(async ({ raw, recipients }) => `${(await PostalMime.parse(raw)).messageId} ${recipients.join()}`),
  );

it('tells what a server that was down for days missed, in order, once', async () => {
  const { port } = await (async () => {
    await using server = await startSmtpServer();
    return server;
  })();
  const { outbox, clock, sender } = aSender(port);
  for (const id of ['monday', 'tuesday', 'wednesday']) {
    outbox.add(aMessage(id, { recipients: ['a@x.org', 'b@x.org'] }));
    expect(await sender.deliverDue(signal)).toEqual({ sent: 0, postponed: 2, dead: 0 });
    clock.time += 24 * 60 * MINUTE;
  }
  await using server = await startSmtpServer({ port });
  expect(await sender.deliverDue(signal)).toEqual({ sent: 6, postponed: 0, dead: 0 });
  await sender.deliverDue(signal, { early: true });
  const arrived = await arrivals(server.mails);
  for (const recipient of ['a@x.org', 'b@x.org'])
    expect(arrived.filter((entry) => entry.endsWith(recipient))).toEqual(
      ['monday', 'tuesday', 'wednesday'].map((id) => `<${id}@example.org> ${recipient}`),
    );
  expect(arrived).toHaveLength(6);
});

it('keeps one refused recipient apart from the others', async () => {
  await using server = await startSmtpServer();
  server.refuse({ at: 'recipient', recipient: 'gone@x.org', code: 550, message: '5.1.1 no such user' });
  const { outbox, sender } = aSender(server.port);
  for (const id of ['1', '2']) outbox.add(aMessage(id, { recipients: ['gone@x.org', 'here@x.org'] }));
  expect(await sender.deliverDue(signal)).toEqual({ sent: 2, postponed: 0, dead: 2 });
  expect(await arrivals(server.mails)).toEqual(['<1@example.org> here@x.org', '<2@example.org> here@x.org']);
  expect(outbox.deadLetters(1)[0]?.lastError).toContain('refused gone@x.org: 550 5.1.1 no such user');
});

it('tries a wrong password a few times in a day, and goes on when it is right', async () => {
  const account = { user: 'scanner', pass: 'right' };
  await using server = await startSmtpServer({ account });
  const wrong = aSender(server.port, { account: { user: 'scanner', pass: 'wrong' } });
  for (let quarter = 0; quarter < 24 * 4; quarter += 1) {
    if (quarter % 8 === 0) wrong.outbox.add(aMessage(`m${quarter}`, { recipients: ['a@x.org', 'b@x.org'] }));
    await wrong.sender.deliverDue(signal);
    wrong.clock.time += 15 * MINUTE;
  }
  expect(server.logins).toBeGreaterThan(2);
  expect(server.logins).toBeLessThanOrEqual(8);
  const mail = createMailSender({
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    account,
    from: { name: '', address: 'scanner@example.org' },
  });
  const right = new OutboxSender({ outbox: wrong.outbox, senders: { mail } });
  expect(await right.deliverDue(signal, { early: true })).toEqual({ sent: 24, postponed: 0, dead: 0 });
});

it('repeats at most the one mail that was under way when it was killed', async () => {
  await using directory = await temporaryDirectory();
  const journal = join(directory.path, 'outbox');
  const sent = Array.from({ length: 24 }, (_, index) => `m${index}`);
  for (const id of sent) new JournalOutbox(journal).add(aMessage(id, { recipients: ['a@x.org', 'b@x.org'] }));

  let child: ChildProcess | null = null;
  let kills = 0;
  // In one half of the lives before the answer is given, in the other a moment later.
  const killSome = (): void => {
    const victim = child;
    if (kills >= 16 || victim === null || server.mails.length % 3 !== 0) return;
    kills += 1;
    if (kills % 2 === 0) victim.kill('SIGKILL');
    else void sleep(Math.random() * 4).then(() => victim.kill('SIGKILL'));
  };
  await using server = await startSmtpServer({ onMail: killSome });
  for (let finished = false; !finished;) {
    child = spawn(process.execPath, ['--conditions=@scanner/source', DELIVER, journal, String(server.port)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    finished = code === 0;
    expect(code === 0 || code === null).toBe(true);
  }

  const arrived = await arrivals(server.mails);
  const expected = ['a@x.org', 'b@x.org'].flatMap((to) => sent.map((id) => `<${id}@example.org> ${to}`));
  expect(new Set(arrived)).toEqual(new Set(expected));
  expect(kills).toBe(16);
  expect(arrived.length - expected.length).toBeLessThanOrEqual(kills);
  for (const to of ['a@x.org', 'b@x.org']) {
    const own = arrived.filter((entry) => entry.endsWith(to));
    const inOrder = own.filter((entry, index) => entry !== own[index - 1]);
    expect(inOrder).toEqual(expected.filter((entry) => entry.endsWith(to)));
  }
  expect(new JournalOutbox(journal).state()).toMatchObject({ pending: 0, held: 0, dead: 0 });
});

it('finds a mail server that only the hosts file of the machine names', async () => {
  await using directory = await temporaryDirectory();
  await using server = await startSmtpServer();
  const [journal, hosts] = [join(directory.path, 'journal'), join(directory.path, 'hosts')];
  await writeFile(hosts, '127.0.0.1 mail.internal.example\n');
  new JournalOutbox(journal).add(aMessage('one'));
  const child = spawn(
    'unshare',
    [
      '--mount',
      'sh',
      '-c',
      'mount --bind "$1" /etc/hosts && shift && exec "$@"',
      'sh',
      hosts,
      process.execPath,
      '--conditions=@scanner/source',
      DELIVER,
      journal,
      String(server.port),
      'mail.internal.example',
    ],
    { stdio: 'inherit' },
  );
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(new JournalOutbox(journal).state()).toMatchObject({ pending: 0 });
  expect(server.mails).toHaveLength(1);
});
