import { z } from 'zod';

/** The ways in which people are told. */
export const CHANNELS = ['mail', 'webhook'] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** A mail but for its sender and its recipients. */
export const MailContent = z.object({
  subject: z.string().describe('One line'),
  text: z.string(),
  html: z.string(),
});
export type MailContent = z.infer<typeof MailContent>;

/** What is told at once, frozen when it was decided: every attempt sends the same. */
export const OutboxMessage = z.object({
  id: z.string().describe('Stable, so that a receiver can tell a repeat'),
  createdAt: z.iso.datetime(),
  mail: MailContent.extend({
    messageId: z.string().describe('With its angle brackets'),
    thread: z.string().describe('The Message-ID that all mails of one host refer to, so that they stand together'),
    recipients: z.array(z.string()).describe('All that the mail names; each one has a delivery of its own'),
    names: z
      .record(z.string(), z.string())
      .optional()
      .describe('What recipients are called, by address; missing for those without a name'),
  }).nullable(),
  webhook: z.string().nullable().describe('The body, as JSON'),
});
export type OutboxMessage = z.infer<typeof OutboxMessage>;

/** Says which delivery is meant. */
export interface DeliveryKey {
  /** The `id` of the message. */
  readonly message: string;
  readonly channel: Channel;
  /** An address of mail; `webhook` for the one there is, wherever its address leads. */
  readonly recipient: string;
}

/** One message on its way to one recipient. */
export interface Delivery extends DeliveryKey {
  /** `dead`: given up, since it was refused for good or waited too long; it is not tried again unless somebody asks. */
  readonly status: 'pending' | 'sent' | 'dead';
  /** Attempts so far. */
  readonly attempts: number;
  /** Not to be tried before this moment, ISO 8601; null: at once. */
  readonly nextAt: string | null;
  /** Since when it cannot go until somebody has changed something, ISO 8601; null where it can. */
  readonly heldSince: string | null;
  /** Why the last attempt failed: one line, safe to print. */
  readonly lastError: string | null;
}

/** What there is to say of an outbox as a whole. */
export interface OutboxState {
  readonly pending: number;
  /** How many of the pending ones are held: they do not go until somebody has changed something. */
  readonly held: number;
  /** Since when the oldest of them is held, ISO 8601. */
  readonly heldSince: string | null;
  /** Whether there is a message of which every delivery is held, so that nobody was told. */
  readonly heldForEverybody: boolean;
  readonly dead: number;
  /** When the oldest message that still has to reach somebody was decided, ISO 8601. */
  readonly oldestPendingAt: string | null;
  /** Of the pending deliveries, the error of the attempt that is due next. */
  readonly lastError: string | null;
}

export interface FailedAttempt {
  /** ISO 8601. */
  readonly at: string;
  /** One line, safe to print. */
  readonly error: string;
}

/** An attempt after which another one follows. */
export interface PostponedAttempt extends FailedAttempt {
  /** ISO 8601. */
  readonly nextAt: string;
  /** Whether somebody has to change something before it can go. */
  readonly held: boolean;
}

/** What of an outbox is kept waiting. */
export interface OutboxBounds {
  /** Messages decided before this moment wait no longer, ISO 8601. */
  readonly decidedAfter: string;
  /** How many deliveries may wait for one recipient. */
  readonly waiting: number;
}

/**
 * Messages that wait to be delivered. They are put in by the transaction that stores what people know; whoever sends
 * them moves the state of one delivery at a time, and what a `record…` returned from survives a crash. One sender works
 * on an outbox at a time. Every method may throw ScannerError `disk_full`, `directory_unusable` or `store_corrupt`.
 */
export interface Outbox {
  /** Of every recipient the oldest delivery that is pending, that of the oldest message first. */
  heads(): readonly Delivery[];
  find(message: string): OutboxMessage | undefined;
  /** Counts an attempt that reached the recipient; it never goes there again. */
  recordSent(delivery: DeliveryKey, at: string): void;
  /** Counts an attempt that failed. */
  recordRetry(delivery: DeliveryKey, attempt: PostponedAttempt): void;
  /**
   * Counts an attempt that was refused for good: a dead letter. Where every recipient of the message in that channel was
   * refused so, nobody was told: then all of them are held until `nextAt` instead.
   *
   * @param attempt `nextAt` counts where it comes to be held
   * @returns what became of it
   */
  recordRefused(delivery: DeliveryKey, attempt: FailedAttempt & { readonly nextAt: string }): 'dead' | 'held';
  /**
   * Makes dead letters of what waits too long: too old, or the oldest of too many for one recipient.
   *
   * @returns how many deliveries
   */
  giveUp(bounds: OutboxBounds, at: string): number;
  /**
   * Makes pending deliveries due now, and dead letters pending again.
   *
   * @param recipient only those to this recipient
   * @returns how many deliveries
   */
  retry(recipient?: string): number;
  /** Deliveries that wait, in the order in which they are to go. */
  waiting(limit: number): readonly Delivery[];
  /** Deliveries that were given up, the newest first. */
  deadLetters(limit: number): readonly Delivery[];
  state(): OutboxState;
}

/** Everyone that a new message has to reach. */
export const deliveriesOf = ({ id, mail, webhook }: OutboxMessage): readonly DeliveryKey[] => [
  ...(mail?.recipients ?? []).map((recipient) => ({ message: id, channel: 'mail' as const, recipient })),
  ...(webhook === null ? [] : [{ message: id, channel: 'webhook' as const, recipient: 'webhook' }]),
];
