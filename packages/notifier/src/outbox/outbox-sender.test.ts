import { describe, expect, it } from 'vitest';

import { type Channel, type DeliveryKey, ScannerError } from '@scanner/core';
import { InMemoryOutbox } from '@scanner/core/testing';

import { aMessage } from '../testing/messages.ts';
import { type Attempt, type ChannelSender, type DeliveryFailure, failed, SENT } from './channel-sender.ts';
import { OutboxSender } from './outbox-sender.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;

const soon: DeliveryFailure = { again: 'soon', scope: 'channel', reason: 'the server is down' };
const held: DeliveryFailure = { again: 'held', scope: 'channel', reason: 'wrong password' };
const busy: DeliveryFailure = { again: 'soon', scope: 'recipient', reason: 'mailbox busy' };
const refused: DeliveryFailure = { again: 'never', scope: 'recipient', reason: 'no such mailbox' };

/** A channel that fails as it is told, and notes what was tried. */
class ScriptedChannel implements ChannelSender {
  readonly tried: string[] = [];
  failing: (recipient: string) => DeliveryFailure | null = () => null;

  get arrived(): readonly string[] {
    return this.tried.filter((entry) => !entry.endsWith('!'));
  }

  async send({ id }: { readonly id: string }, recipient: string): Promise<Attempt> {
    const failure = this.failing(recipient);
    this.tried.push(`${id} ${recipient}${failure === null ? '' : '!'}`);
    return failure === null ? SENT : failed(failure);
  }
}

class WallClock {
  time = Date.parse('2026-11-22T03:00:00Z');
  now(): Date {
    return new Date(this.time);
  }
  elapsed(): number {
    return this.time;
  }
}

const aDesk = (outbox = new InMemoryOutbox(), senders?: Partial<Record<Channel, ChannelSender>>) => {
  const [mail, clock] = [new ScriptedChannel(), new WallClock()];
  const parts = { outbox, senders: senders ?? { mail }, clock, random: () => 0.5, graceMs: 20 };
  return { outbox, mail, clock, sender: new OutboxSender(parts), parts };
};

const two = ['a@x.org', 'b@x.org'];

describe('delivery', () => {
  it('goes to each recipient in order, once', async () => {
    const { outbox, mail, sender } = aDesk();
    for (const id of ['1', '2', '3']) outbox.add(aMessage(id, { recipients: two }));
    expect(await sender.deliverDue(never)).toEqual({ sent: 6, postponed: 0, dead: 0 });
    expect(await sender.deliverDue(never)).toEqual({ sent: 0, postponed: 0, dead: 0 });
    for (const recipient of two)
      expect(mail.arrived.filter((entry) => entry.endsWith(recipient))).toEqual(
        [1, 2, 3].map((id) => `${id} ${recipient}`),
      );
    expect(mail.tried).toHaveLength(6);
  });

  it('leaves what belongs to a channel that is not set up where it is', async () => {
    const { outbox, sender } = aDesk();
    outbox.add(aMessage('1', { webhook: '{}' }));
    expect(await sender.deliverDue(never)).toMatchObject({ sent: 1 });
    expect(outbox.state()).toMatchObject({ pending: 1, lastError: null });
  });

  it('by one channel does not wait for the other', async () => {
    const [mail, webhook] = [new ScriptedChannel(), new ScriptedChannel()];
    mail.failing = () => soon;
    const { outbox, sender } = aDesk(new InMemoryOutbox(), { mail, webhook });
    outbox.add(aMessage('1', { webhook: '{}' }));
    expect(await sender.deliverDue(never)).toEqual({ sent: 1, postponed: 1, dead: 0 });
    expect(webhook.arrived).toEqual(['1 webhook']);
  });
});

describe('a failure', () => {
  it('of the channel holds for all recipients, and is not tried for each', async () => {
    const { outbox, mail, sender } = aDesk();
    mail.failing = () => soon;
    outbox.add(aMessage('1', { recipients: two }));
    expect(await sender.deliverDue(never)).toEqual({ sent: 0, postponed: 2, dead: 0 });
    expect(mail.tried).toEqual(['1 a@x.org!']);
    expect(outbox.deliveries).toMatchObject(
      two.map((recipient) => ({
        recipient,
        status: 'pending',
        attempts: 1,
        nextAt: '2026-11-22T03:00:30.000Z',
        lastError: 'the server is down',
      })),
    );
  });

  it('of one recipient holds up nobody else, and nothing overtakes', async () => {
    const { outbox, mail, sender, clock } = aDesk();
    mail.failing = (recipient) => (recipient === 'a@x.org' ? busy : null);
    for (const id of ['1', '2']) outbox.add(aMessage(id, { recipients: two }));
    await sender.deliverDue(never);
    expect(mail.tried).toEqual(['1 a@x.org!', '1 b@x.org', '2 b@x.org']);
    mail.failing = () => null;
    clock.time += MINUTE;
    await sender.deliverDue(never);
    expect(mail.arrived).toEqual(['1 b@x.org', '2 b@x.org', '1 a@x.org', '2 a@x.org']);
  });

  it('for good is a dead letter, and the next message goes on', async () => {
    const { outbox, mail, sender } = aDesk();
    mail.failing = (recipient) => (recipient === 'a@x.org' && mail.tried.length === 0 ? refused : null);
    for (const id of ['1', '2']) outbox.add(aMessage(id, { recipients: two }));
    expect(await sender.deliverDue(never)).toEqual({ sent: 3, postponed: 0, dead: 1 });
    expect(outbox.deadLetters(10)).toMatchObject([
      { message: '1', recipient: 'a@x.org', lastError: 'no such mailbox' },
    ]);
    expect(outbox.state()).toMatchObject({ pending: 0, dead: 1 });
  });

  it('that everybody met holds the message, and those behind it wait', async () => {
    const { outbox, mail, sender, clock } = aDesk();
    mail.failing = () => refused;
    for (const id of ['1', '2']) outbox.add(aMessage(id, { recipients: two }));
    expect(await sender.deliverDue(never)).toEqual({ sent: 0, postponed: 1, dead: 1 });
    expect(outbox.state()).toMatchObject({ pending: 4, held: 2, heldForEverybody: true, dead: 0 });
    clock.time += 59 * MINUTE;
    expect(await sender.deliverDue(never)).toEqual({ sent: 0, postponed: 0, dead: 0 });
    mail.failing = () => null;
    clock.time += 8 * MINUTE;
    expect(await sender.deliverDue(never)).toEqual({ sent: 4, postponed: 0, dead: 0 });
    expect(mail.arrived).toEqual(['1 a@x.org', '1 b@x.org', '2 a@x.org', '2 b@x.org']);
  });

  it('of the only recipient holds the message too, at most one attempt an hour', async () => {
    const { outbox, mail, sender, clock } = aDesk();
    mail.failing = () => refused;
    outbox.add(aMessage('1'));
    for (let minute = 0; minute < 180; minute += 1) {
      await sender.deliverDue(never);
      clock.time += MINUTE;
    }
    expect(mail.tried).toHaveLength(2);
    expect(outbox.state()).toMatchObject({ pending: 1, held: 1, dead: 0 });
  });

  it('that lasts for a month makes dead letters, which somebody can have tried again', async () => {
    const { outbox, mail, sender, clock } = aDesk();
    mail.failing = () => held;
    outbox.add(aMessage('1', { recipients: two }));
    await sender.deliverDue(never);
    expect(outbox.state()).toMatchObject({ pending: 2, held: 2, dead: 0 });
    clock.time += 31 * 24 * 60 * MINUTE;
    await sender.deliverDue(never);
    expect(outbox.state()).toMatchObject({ pending: 0, dead: 2 });
    clock.time = Date.parse('2026-11-23T03:00:00Z');
    mail.failing = () => null;
    expect(outbox.retry('a@x.org')).toBe(1);
    await sender.deliverDue(never);
    expect(mail.arrived).toEqual(['1 a@x.org']);
  });

  it('that lasts is tried ever more seldom, over restarts too', async () => {
    const { outbox, mail, clock, parts } = aDesk();
    mail.failing = () => soon;
    outbox.add(aMessage('1'));
    const times: number[] = [];
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const before = mail.tried.length;
      await new OutboxSender(parts).deliverDue(never);
      if (mail.tried.length > before) times.push(minute);
      clock.time += MINUTE;
    }
    expect(times.slice(0, 8)).toEqual([0, 1, 2, 4, 8, 16, 32, 64]);
    expect(mail.tried.length).toBeLessThan(35);
  });

  it('of the password is tried a few times a day, however many recipients and messages there are', async () => {
    const { outbox, mail, clock, sender } = aDesk();
    mail.failing = () => held;
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      if (minute % 120 === 0) outbox.add(aMessage(`m${minute}`, { recipients: two }));
      await sender.deliverDue(never);
      clock.time += MINUTE;
    }
    expect(mail.tried.length).toBeLessThanOrEqual(8);
    mail.failing = () => null;
    clock.time += 8 * 60 * MINUTE;
    await sender.deliverDue(never);
    expect(mail.arrived.slice(0, 2)).toEqual(['m0 a@x.org', 'm0 b@x.org']);
    expect(mail.arrived).toHaveLength(24);
  });

  it('does not wait for a clock that was set back', async () => {
    const { outbox, mail, clock, sender } = aDesk();
    mail.failing = () => soon;
    outbox.add(aMessage('1'));
    await sender.deliverDue(never);
    mail.failing = () => null;
    clock.time -= 365 * 24 * 60 * MINUTE;
    expect(await sender.deliverDue(never)).toMatchObject({ sent: 1 });
  });

  it('is tried early once, when somebody asks for it', async () => {
    const { outbox, mail, sender } = aDesk();
    mail.failing = () => busy;
    outbox.add(aMessage('1', { recipients: two }));
    await sender.deliverDue(never);
    expect(await sender.deliverDue(never)).toEqual({ sent: 0, postponed: 0, dead: 0 });
    expect(await sender.deliverDue(never, { early: true })).toEqual({ sent: 0, postponed: 2, dead: 0 });
    expect(mail.tried).toHaveLength(4);
  });
});

describe('an outbox that cannot write', () => {
  it('is written to later, and nothing is sent again for it', async () => {
    class FullOutbox extends InMemoryOutbox {
      full = true;
      override recordSent(key: DeliveryKey, at: string): void {
        if (this.full) throw new ScannerError('the disk is full', { code: 'disk_full' });
        super.recordSent(key, at);
      }
    }
    const outbox = new FullOutbox();
    const { mail, sender } = aDesk(outbox);
    outbox.add(aMessage('1'));
    for (let round = 0; round < 3; round += 1)
      await expect(sender.deliverDue(never)).rejects.toMatchObject({ code: 'disk_full' });
    outbox.full = false;
    await sender.deliverDue(never);
    expect(outbox.state().pending).toBe(0);
    expect(mail.tried).toEqual(['1 ops@example.org']);
  });
});

describe('stopping', () => {
  /** Holds each delivery until it is let go or cut. */
  const holdingChannel = () => {
    const held: (() => void)[] = [];
    const channel: ChannelSender = {
      send: (_message, _recipient, signal) =>
        new Promise((resolve, reject) => {
          held.push(() => resolve(SENT));
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    };
    return { channel, held };
  };

  it('lets what has begun come to its end, and begins nothing more', async () => {
    const { channel, held } = holdingChannel();
    const { outbox, parts } = aDesk(new InMemoryOutbox(), { mail: channel });
    outbox.add(aMessage('1', { recipients: two }));
    const stop = new AbortController();
    const round = new OutboxSender({ ...parts, graceMs: 60_000 }).deliverDue(stop.signal);
    stop.abort();
    held[0]?.();
    expect(await round).toEqual({ sent: 1, postponed: 0, dead: 0 });
    expect(outbox.state().pending).toBe(1);
  });

  it('cuts what does not come to its end, which is then still to be sent', async () => {
    const { channel } = holdingChannel();
    const { outbox, sender } = aDesk(new InMemoryOutbox(), { mail: channel });
    outbox.add(aMessage('1'));
    const stop = new AbortController();
    const round = sender.deliverDue(stop.signal);
    stop.abort();
    expect(await round).toEqual({ sent: 0, postponed: 0, dead: 0 });
    expect(outbox.state().pending).toBe(1);
  });

  it('ends a run, which until then delivers what comes in', async () => {
    const { outbox, mail, sender } = aDesk();
    const stop = new AbortController();
    const running = sender.run(stop.signal);
    outbox.add(aMessage('1'));
    sender.wake();
    await expect.poll(() => mail.arrived).toEqual(['1 ops@example.org']);
    stop.abort();
    await running;
  });
});
