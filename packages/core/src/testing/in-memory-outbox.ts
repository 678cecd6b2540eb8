import type { Delivery, DeliveryKey, FailedAttempt, Outbox, OutboxMessage, OutboxState } from '../ports/outbox.ts';
import { deliveriesOf } from '../ports/outbox.ts';

/** An outbox that lives as long as this object. */
export class InMemoryOutbox implements Outbox {
  readonly #messages = new Map<string, OutboxMessage>();
  readonly #deliveries: Delivery[] = [];

  /** In the order in which they were put in. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** Takes a message in once, however often it is put in. */
  add(message: OutboxMessage): void {
    if (this.#messages.has(message.id)) return;
    this.#messages.set(message.id, message);
    for (const key of deliveriesOf(message))
      this.#deliveries.push({ ...key, status: 'pending', attempts: 0, nextAt: null, lastError: null });
  }

  heads(): readonly Delivery[] {
    const heads = new Map<string, Delivery>();
    for (const delivery of this.#pending()) {
      const recipient = `${delivery.channel} ${delivery.recipient}`;
      if (!heads.has(recipient)) heads.set(recipient, delivery);
    }
    return [...heads.values()];
  }

  find(message: string): OutboxMessage | undefined {
    return this.#messages.get(message);
  }

  recordSent(key: DeliveryKey, _at: string): void {
    this.#move(key, { status: 'sent', nextAt: null, lastError: null });
  }

  recordRetry(key: DeliveryKey, { error, nextAt }: FailedAttempt & { readonly nextAt: string }): void {
    this.#move(key, { status: 'pending', nextAt, lastError: error });
  }

  recordDead(key: DeliveryKey, { error }: FailedAttempt): void {
    this.#move(key, { status: 'dead', nextAt: null, lastError: error });
  }

  deadLetters(limit: number): readonly Delivery[] {
    return this.#deliveries
      .filter(({ status }) => status === 'dead')
      .toReversed()
      .slice(0, limit);
  }

  state(): OutboxState {
    const pending = this.#pending();
    const [oldest] = pending;
    const next = pending
      .filter(({ lastError }) => lastError !== null)
      .toSorted((a, b) => Date.parse(a.nextAt ?? '') - Date.parse(b.nextAt ?? ''))[0];
    return {
      pending: pending.length,
      dead: this.#deliveries.filter(({ status }) => status === 'dead').length,
      oldestPendingAt: (oldest && this.#messages.get(oldest.message)?.createdAt) ?? null,
      lastError: next?.lastError ?? null,
    };
  }

  #pending(): readonly Delivery[] {
    return this.#deliveries.filter(({ status }) => status === 'pending');
  }

  #move(key: DeliveryKey, moved: Pick<Delivery, 'status' | 'nextAt' | 'lastError'>): void {
    const index = this.#deliveries.findIndex(
      ({ message, channel, recipient, status }) =>
        status === 'pending' && message === key.message && channel === key.channel && recipient === key.recipient,
    );
    const delivery = this.#deliveries[index];
    if (delivery === undefined) throw new Error(`no pending delivery of ${key.message} to ${key.recipient}`);
    this.#deliveries[index] = { ...delivery, ...moved, attempts: delivery.attempts + 1 };
  }
}
