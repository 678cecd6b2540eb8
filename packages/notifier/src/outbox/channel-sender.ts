import type { OutboxMessage } from '@scanner/core';

/** Why a message did not reach a recipient. */
export interface DeliveryFailure {
  /**
   * `soon`: it will pass; `held`: somebody has to change something, and trying often would do harm; `never`: this
   * recipient refused the message for good.
   */
  readonly again: 'soon' | 'held' | 'never';
  /** Whether nobody can be reached by this channel now, or just this recipient. */
  readonly scope: 'channel' | 'recipient';
  /** What happened and what to do, as one line that is safe to print. */
  readonly reason: string;
  /** How long the receiver asks to be left alone. */
  readonly retryAfterMs?: number;
}

export type Attempt = { readonly outcome: 'sent' } | { readonly outcome: 'failed'; readonly failure: DeliveryFailure };

/** One way in which people are told. */
export interface ChannelSender {
  /**
   * Brings a message to one recipient. What fails is a value; on abort it rejects with the signal's reason, and nobody
   * knows whether the message arrived.
   */
  send(message: OutboxMessage, recipient: string, signal: AbortSignal): Promise<Attempt>;
}

export const SENT: Attempt = { outcome: 'sent' };

export const failed = (failure: DeliveryFailure): Attempt => ({ outcome: 'failed', failure });
