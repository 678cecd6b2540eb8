import { type Channel, type Clock, type Delivery, type Log, type Outbox, ScannerError } from '@scanner/core';

import { delayAfter, LONGEST_DELAY_MS } from './back-off.ts';
import { type Attempt, type ChannelSender, type DeliveryFailure, SENT } from './channel-sender.ts';

/** What one round brought about. */
export interface DeliveryRound {
  readonly sent: number;
  /** To be tried again later. */
  readonly postponed: number;
  readonly dead: number;
}

export interface ChannelRoundParts {
  readonly channel: Channel;
  readonly sender: ChannelSender;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** Delivered, though the outbox could not take it down. */
  readonly unrecorded: Set<string>;
  /** Tries at once what was to wait. */
  readonly early: boolean;
  /** No delivery begins after it. */
  readonly stop: AbortSignal;
  /** Cuts the one that is under way. */
  readonly cut: AbortSignal;
}

/** One round over what is due in one channel. */
export class ChannelRound {
  readonly #parts: ChannelRoundParts;
  readonly #tried = new Set<string>();
  readonly #counts = { sent: 0, postponed: 0, dead: 0 };

  constructor(parts: ChannelRoundParts) {
    this.#parts = parts;
  }

  async deliver(): Promise<DeliveryRound> {
    for (let head = this.#nextHead(); head !== undefined; head = this.#nextHead()) {
      const attempt = await this.#attempt(head);
      if (attempt === null) break;
      if (attempt.outcome === 'sent') this.#recordSent(head);
      else if (attempt.failure.again === 'never') this.#recordRefused(head, attempt.failure);
      else if (attempt.failure.scope === 'recipient') this.#postpone([head], attempt.failure);
      else this.#postpone(this.#heads(), attempt.failure);
    }
    return this.#counts;
  }

  #nextHead(): Delivery | undefined {
    const { stop, early } = this.#parts;
    if (stop.aborted) return undefined;
    return this.#heads().find(
      (head) => isDue(head, this.#parts.clock.now()) || (early && !this.#tried.has(head.recipient)),
    );
  }

  #heads(): readonly Delivery[] {
    return this.#parts.outbox.heads().filter(({ channel }) => channel === this.#parts.channel);
  }

  /** Null where it was cut, so that nobody knows how it ended. */
  async #attempt(head: Delivery): Promise<Attempt | null> {
    const { outbox, sender, unrecorded, cut } = this.#parts;
    if (unrecorded.has(nameOf(head))) return SENT;
    const message = outbox.find(head.message);
    if (message === undefined)
      throw new ScannerError(`the outbox has lost the message ${head.message}`, { code: 'store_corrupt' });
    try {
      return await sender.send(message, head.recipient, cut);
    } catch (error) {
      if (cut.aborted) return null;
      throw error;
    }
  }

  #recordSent(head: Delivery): void {
    const { outbox, clock, log, unrecorded } = this.#parts;
    unrecorded.add(nameOf(head));
    outbox.recordSent(head, clock.now().toISOString());
    unrecorded.delete(nameOf(head));
    this.#counts.sent += 1;
    log.info('notice delivered', factsOf(head));
  }

  /** A refusal that everybody met is about more than one recipient: nobody was told, so it is tried again. */
  #recordRefused(head: Delivery, failure: DeliveryFailure): void {
    const { outbox, clock, log } = this.#parts;
    const now = clock.now();
    const nextAt = this.#nextAttempt(head.attempts, { ...failure, again: 'held' }, now);
    const outcome = outbox.recordRefused(head, { at: now.toISOString(), error: failure.reason, nextAt });
    const { reason } = failure;
    if (outcome === 'dead') {
      this.#counts.dead += 1;
      log.warn('notice permanently rejected', { ...factsOf(head), reason });
      return;
    }
    this.#tried.add(head.recipient);
    this.#counts.postponed += 1;
    log.warn('notice refused by every recipient: it is held', { ...factsOf(head), reason, nextAt });
  }

  /** What stops a channel stops it for all at once: asking again for every recipient would be trying often. */
  #postpone(heads: readonly Delivery[], failure: DeliveryFailure): void {
    const { outbox, clock, log } = this.#parts;
    const { again, reason } = failure;
    if (again === 'never') return;
    const now = clock.now();
    const attempts = Math.max(...heads.map((head) => head.attempts));
    const nextAt = this.#nextAttempt(attempts, { ...failure, again }, now);
    for (const head of heads) {
      this.#tried.add(head.recipient);
      outbox.recordRetry(head, { at: now.toISOString(), error: reason, nextAt, held: again === 'held' });
      this.#counts.postponed += 1;
    }
    const what = again === 'held' ? 'notice held' : 'notice not delivered yet';
    log.warn(what, { channel: this.#parts.channel, recipients: heads.length, reason, nextAt });
  }

  /** @param attempts before this one */
  #nextAttempt(attempts: number, failure: Parameters<typeof delayAfter>[0], now: Date): string {
    return new Date(now.getTime() + delayAfter(failure, attempts + 1, this.#parts.random())).toISOString();
  }
}

/** A moment further ahead than any delay was written under another clock. */
const isDue = ({ nextAt }: Delivery, now: Date): boolean => {
  const ahead = nextAt === null ? 0 : Date.parse(nextAt) - now.getTime();
  return ahead <= 0 || ahead > LONGEST_DELAY_MS;
};

const nameOf = ({ message, channel, recipient }: Delivery): string => JSON.stringify([message, channel, recipient]);

/** With the attempt that was just made. `message` would be taken for what the line says. */
const factsOf = ({ message: notice, channel, recipient, attempts }: Delivery) => ({
  notice,
  channel,
  recipient,
  attempts: attempts + 1,
});
