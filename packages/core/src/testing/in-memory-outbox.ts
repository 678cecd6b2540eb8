import type {
  Delivery,
  DeliveryKey,
  FailedAttempt,
  Outbox,
  OutboxBounds,
  OutboxMessage,
  OutboxState,
  PostponedAttempt,
} from '../ports/outbox.ts';
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
    for (const key of deliveriesOf(message)) this.#deliveries.push({ ...key, ...NOT_TRIED });
  }

  heads(): readonly Delivery[] {
    const heads = new Map<string, Delivery>();
    for (const delivery of this.#pending()) {
      const recipient = recipientOf(delivery);
      if (!heads.has(recipient)) heads.set(recipient, delivery);
    }
    return [...heads.values()];
  }

  find(message: string): OutboxMessage | undefined {
    return this.#messages.get(message);
  }

  recordSent(key: DeliveryKey, _at: string): void {
    this.#move(key, { status: 'sent', nextAt: null, heldSince: null, lastError: null });
  }

  recordRetry(key: DeliveryKey, { at, error, nextAt, held }: PostponedAttempt): void {
    const heldSince = held ? (this.#find(key)?.heldSince ?? at) : null;
    this.#move(key, { status: 'pending', nextAt, heldSince, lastError: error });
  }

  recordRefused(key: DeliveryKey, { at, error, nextAt }: FailedAttempt & { readonly nextAt: string }): 'dead' | 'held' {
    this.#move(key, { status: 'dead', nextAt: null, heldSince: null, lastError: error });
    const siblings = this.#deliveries.filter(
      ({ message, channel }) => message === key.message && channel === key.channel,
    );
    if (siblings.some(({ status }) => status !== 'dead')) return 'dead';
    for (const sibling of siblings) this.#replace(sibling, { status: 'pending', nextAt, heldSince: at });
    return 'held';
  }

  giveUp({ decidedAfter, waiting }: OutboxBounds, _at: string): number {
    const given = new Set<Delivery>();
    for (const delivery of this.#pending())
      if ((this.#messages.get(delivery.message)?.createdAt ?? '') < decidedAfter) given.add(delivery);
    for (const deliveries of Map.groupBy(this.#pending(), recipientOf).values())
      for (const delivery of deliveries.slice(0, Math.max(0, deliveries.length - waiting))) given.add(delivery);
    for (const delivery of given) this.#replace(delivery, { status: 'dead', nextAt: null, heldSince: null });
    return given.size;
  }

  retry(recipient?: string): number {
    const due = this.#deliveries.filter(
      (delivery) => delivery.status !== 'sent' && (recipient === undefined || delivery.recipient === recipient),
    );
    for (const delivery of due) this.#replace(delivery, { status: 'pending', nextAt: null });
    return due.length;
  }

  waiting(limit: number): readonly Delivery[] {
    return this.#pending().slice(0, limit);
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
    const next = pending.filter(({ lastError }) => lastError !== null).toSorted((a, b) => dueAt(a) - dueAt(b))[0];
    return {
      pending: pending.length,
      held: pending.filter(({ heldSince }) => heldSince !== null).length,
      heldSince: pending.flatMap(({ heldSince }) => heldSince ?? []).toSorted()[0] ?? null,
      heldForEverybody: this.#isHeldForEverybody(),
      dead: this.#deliveries.filter(({ status }) => status === 'dead').length,
      oldestPendingAt: (oldest && this.#messages.get(oldest.message)?.createdAt) ?? null,
      lastError: next?.lastError ?? null,
    };
  }

  #isHeldForEverybody(): boolean {
    return [...Map.groupBy(this.#deliveries, ({ message }) => message).values()].some(
      (deliveries) =>
        deliveries.some(({ heldSince }) => heldSince !== null) &&
        deliveries.every(({ status, heldSince }) => status === 'dead' || heldSince !== null),
    );
  }

  #pending(): readonly Delivery[] {
    return this.#deliveries.filter(({ status }) => status === 'pending');
  }

  #move(key: DeliveryKey, moved: Pick<Delivery, 'status' | 'nextAt' | 'heldSince' | 'lastError'>): void {
    const delivery = this.#find(key);
    if (delivery === undefined) throw new Error(`no pending delivery of ${key.message} to ${key.recipient}`);
    this.#replace(delivery, { ...moved, attempts: delivery.attempts + 1 });
  }

  #find(key: DeliveryKey): Delivery | undefined {
    return this.#pending().find(
      ({ message, channel, recipient }) =>
        message === key.message && channel === key.channel && recipient === key.recipient,
    );
  }

  #replace(delivery: Delivery, changes: Partial<Delivery>): void {
    const index = this.#deliveries.findIndex(
      ({ message, channel, recipient }) =>
        message === delivery.message && channel === delivery.channel && recipient === delivery.recipient,
    );
    this.#deliveries[index] = { ...delivery, ...changes };
  }
}

const NOT_TRIED = { status: 'pending', attempts: 0, nextAt: null, heldSince: null, lastError: null } as const;

const dueAt = ({ nextAt }: Delivery): number => (nextAt === null ? 0 : Date.parse(nextAt));

const recipientOf = ({ channel, recipient }: Delivery): string => `${channel} ${recipient}`;
