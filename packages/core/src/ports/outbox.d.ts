import { z } from 'zod';
/** The ways in which people are told. */
export declare const CHANNELS: readonly ['mail', 'webhook'];
export declare const Channel: z.ZodEnum<{
  mail: 'mail';
  webhook: 'webhook';
}>;
export type Channel = z.infer<typeof Channel>;
/** A mail but for its sender and its recipients. */
export declare const MailContent: z.ZodObject<
  {
    subject: z.ZodString;
    text: z.ZodString;
    html: z.ZodString;
  },
  z.core.$strip
>;
export type MailContent = z.infer<typeof MailContent>;
/** What is told at once, frozen when it was decided: every attempt sends the same. */
export declare const OutboxMessage: z.ZodObject<
  {
    id: z.ZodString;
    createdAt: z.ZodISODateTime;
    mail: z.ZodNullable<
      z.ZodObject<
        {
          subject: z.ZodString;
          text: z.ZodString;
          html: z.ZodString;
          messageId: z.ZodString;
          thread: z.ZodString;
          recipients: z.ZodArray<z.ZodString>;
        },
        z.core.$strip
      >
    >;
    webhook: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
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
  /** `dead`: refused for good; it is not tried again, and shown until somebody looks. */
  readonly status: 'pending' | 'sent' | 'dead';
  /** Attempts so far. */
  readonly attempts: number;
  /** Not to be tried before this moment, ISO 8601; null: at once. */
  readonly nextAt: string | null;
  /** Why the last attempt failed: one line, safe to print. */
  readonly lastError: string | null;
}
/** What there is to say of an outbox as a whole. */
export interface OutboxState {
  readonly pending: number;
  readonly dead: number;
  /** When the oldest message that still has to reach somebody was decided, ISO 8601. */
  readonly oldestPendingAt: string | null;
  /** Of the pending deliveries, the error of the attempt that is due next. */
  readonly lastError: string | null;
}
export interface FailedAttempt {
  /** ISO 8601. */
  readonly at: string;
  readonly error: string;
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
  recordRetry(
    delivery: DeliveryKey,
    attempt: FailedAttempt & {
      readonly nextAt: string;
    },
  ): void;
  /** Counts an attempt that was refused for good. */
  recordDead(delivery: DeliveryKey, attempt: FailedAttempt): void;
  /** Deliveries that were refused for good, the newest first. */
  deadLetters(limit: number): readonly Delivery[];
  state(): OutboxState;
}
/** Everyone that a new message has to reach. */
export declare const deliveriesOf: ({ id, mail, webhook }: OutboxMessage) => readonly DeliveryKey[];
