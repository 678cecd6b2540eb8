import { setTimeout as wait } from 'node:timers/promises';

import { type Channel, CHANNELS, type Clock, type Log, type Outbox, silentLog, systemClock } from '@scanner/core';

import { ChannelRound, type DeliveryRound } from './channel-round.ts';
import type { ChannelSender } from './channel-sender.ts';

export interface OutboxSenderParts {
  readonly outbox: Outbox;
  /** What is meant for a channel that is not here waits until it is. */
  readonly senders: Readonly<Partial<Record<Channel, ChannelSender>>>;
  readonly clock?: Clock;
  readonly log?: Log;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** Milliseconds that a delivery which has begun may go on after the signal; 3000 unless told. */
  readonly graceMs?: number;
}

export interface RoundOptions {
  /** Tries at once what was to wait, as somebody who has just mended something wants it. */
  readonly early?: boolean;
}

const GRACE_MS = 3000;
/** What waits longer, or before more than these for one recipient, is old news. */
const LONGEST_WAITING_MS = 30 * 86_400_000;
const MOST_WAITING = 1000;
/** The clock may be set while one waits for a moment. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Delivers what is in an outbox: to each recipient in order, after a failure again and again with ever longer breaks,
 * which hold across restarts. What was recorded as sent is never sent again; after a crash between a delivery and its
 * record that one delivery is made once more, with the same Message-ID.
 *
 * @example
 * const sender = new OutboxSender({ outbox, senders: { mail: createMailSender(options) }, log });
 * await sender.run(signal);
 */
export class OutboxSender {
  readonly #parts: Required<OutboxSenderParts>;
  readonly #unrecorded = new Set<string>();
  #news = new AbortController();

  constructor(parts: OutboxSenderParts) {
    this.#parts = { clock: systemClock, log: silentLog, random: Math.random, graceMs: GRACE_MS, ...parts };
  }

  /**
   * Delivers until the signal, and returns then.
   *
   * @throws ScannerError as the outbox does
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#news = new AbortController();
      await this.deliverDue(signal);
      await pause(this.#untilNextMs(), AbortSignal.any([signal, this.#news.signal]));
    }
  }

  /** Tells {@link run} that something was put into the outbox. */
  wake(): void {
    this.#news.abort();
  }

  /**
   * Tries everything that is due once, with what stands behind it. Returns early after the signal.
   *
   * @throws ScannerError as the outbox does
   */
  async deliverDue(signal: AbortSignal, { early = false }: RoundOptions = {}): Promise<DeliveryRound> {
    using grace = graceAfter(signal, this.#parts.graceMs);
    const { outbox, senders, clock, log, random } = this.#parts;
    this.#giveUp();
    const common = { outbox, clock, log, random, early, unrecorded: this.#unrecorded, stop: signal, cut: grace.signal };
    const rounds = await Promise.allSettled(
      CHANNELS.flatMap((channel) => {
        const sender = senders[channel];
        return sender === undefined ? [] : new ChannelRound({ ...common, channel, sender }).deliver();
      }),
    );
    const total = { sent: 0, postponed: 0, dead: 0 };
    for (const round of rounds) {
      if (round.status === 'rejected') throw round.reason;
      total.sent += round.value.sent;
      total.postponed += round.value.postponed;
      total.dead += round.value.dead;
    }
    return total;
  }

  #giveUp(): void {
    const { outbox, clock, log } = this.#parts;
    const now = clock.now();
    const decidedAfter = new Date(now.getTime() - LONGEST_WAITING_MS).toISOString();
    const given = outbox.giveUp({ decidedAfter, waiting: MOST_WAITING }, now.toISOString());
    if (given > 0) log.warn('notices waited too long and are dead letters now', { deliveries: given });
  }

  #untilNextMs(): number {
    const now = this.#parts.clock.now().getTime();
    const moments = this.#parts.outbox
      .heads()
      .filter(({ channel }) => this.#parts.senders[channel] !== undefined)
      .map(({ nextAt }) => (nextAt === null ? now : Date.parse(nextAt)));
    return Math.min(LONGEST_WAIT_MS, Math.max(0, Math.min(...moments) - now));
  }
}

/** A signal that follows another one after a grace time. */
const graceAfter = (signal: AbortSignal, graceMs: number): Disposable & { readonly signal: AbortSignal } => {
  const cut = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => cut.abort(signal.reason), graceMs);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return {
    signal: cut.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', start);
    },
  };
};

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await wait(milliseconds, undefined, { signal }).catch(() => {});
};
