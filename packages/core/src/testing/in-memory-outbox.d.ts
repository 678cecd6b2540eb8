import type { Delivery, DeliveryKey, FailedAttempt, Outbox, OutboxMessage, OutboxState } from '../ports/outbox.ts';
/** An outbox that lives as long as this object. */
export declare class InMemoryOutbox implements Outbox {
  #private;
  /** In the order in which they were put in. */
  get deliveries(): readonly Delivery[];
  /** Takes a message in once, however often it is put in. */
  add(message: OutboxMessage): void;
  heads(): readonly Delivery[];
  find(message: string): OutboxMessage | undefined;
  recordSent(key: DeliveryKey, _at: string): void;
  recordRetry(
    key: DeliveryKey,
    {
      error,
      nextAt,
    }: FailedAttempt & {
      readonly nextAt: string;
    },
  ): void;
  recordDead(key: DeliveryKey, { error }: FailedAttempt): void;
  deadLetters(limit: number): readonly Delivery[];
  state(): OutboxState;
}
