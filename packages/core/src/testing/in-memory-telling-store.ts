import { awaitingSecondLook, NOTHING_TOLD, type ToldState } from '../notice/told-state.ts';
import type { Delivery, DeliveryKey } from '../ports/outbox.ts';
import type {
  LostKnowledge,
  PassTold,
  TellingStore,
  ToldReading,
  UndeliveredDelivery,
} from '../ports/telling-store.ts';
import { InMemoryOutbox } from './in-memory-outbox.ts';

/** What was told, for as long as this object lives. Gives out copies, as a store on disk does. */
export class InMemoryTellingStore extends InMemoryOutbox implements TellingStore {
  #state: ToldState;
  #lost: LostKnowledge | null;
  readonly #namedIn = new Map<string, { readonly status: Delivery['status']; readonly message: string }>();

  constructor(state: ToldState = NOTHING_TOLD, lost: LostKnowledge | null = null) {
    super();
    this.#state = copyOf(state);
    this.#lost = lost;
  }

  read(): ToldReading {
    return { state: copyOf(this.#state), lost: this.#lost };
  }

  awaitingSecondLook(): ReadonlySet<string> {
    return awaitingSecondLook(this.#state.references);
  }

  undelivered(): readonly UndeliveredDelivery[] {
    return this.deliveries
      .filter((delivery) => isUndelivered(delivery) && !this.#isNamed(delivery))
      .map((delivery) => ({
        ...delivery,
        decidedAt: this.find(delivery.message)?.createdAt ?? '',
        reachedOthers: this.#statusesOf(delivery.message).includes('sent'),
      }));
  }

  commit({ state, message, names = [] }: PassTold): void {
    this.#state = copyOf(state);
    this.#lost = null;
    if (message === null || this.find(message.id) !== undefined) return;
    this.add(structuredClone(message));
    for (const delivery of names) this.#namedIn.set(nameOf(delivery), { status: delivery.status, message: message.id });
  }

  /** What was named as held and is given up now was not named as that. */
  #isNamed(delivery: Delivery): boolean {
    const named = this.#namedIn.get(nameOf(delivery));
    if (named === undefined || named.status !== delivery.status) return false;
    const statuses = this.#statusesOf(named.message);
    return statuses.length === 0 || statuses.some((status) => status !== 'dead');
  }

  #statusesOf(id: string): Delivery['status'][] {
    return this.deliveries.filter(({ message }) => message === id).map(({ status }) => status);
  }
}

const isUndelivered = ({ status, heldSince }: Delivery): boolean =>
  status === 'dead' || (status === 'pending' && heldSince !== null);

const nameOf = ({ message, channel, recipient }: DeliveryKey): string => JSON.stringify([message, channel, recipient]);

/** By way of JSON, as on disk: lists that are packed are no data that could be cloned. */
const copyOf = (state: ToldState): ToldState => JSON.parse(JSON.stringify(state));
