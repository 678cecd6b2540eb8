import { awaitingSecondLook, NOTHING_TOLD, type ToldState } from '../notice/told-state.ts';
import type { LostKnowledge, PassTold, TellingStore, ToldReading } from '../ports/telling-store.ts';
import { InMemoryOutbox } from './in-memory-outbox.ts';

/** What was told, for as long as this object lives. Gives out copies, as a store on disk does. */
export class InMemoryTellingStore extends InMemoryOutbox implements TellingStore {
  #state: ToldState;
  #lost: LostKnowledge | null;

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

  commit({ state, message }: PassTold): void {
    this.#state = copyOf(state);
    this.#lost = null;
    if (message !== null) this.add(structuredClone(message));
  }
}

/** By way of JSON, as on disk: lists that are packed are no data that could be cloned. */
const copyOf = (state: ToldState): ToldState => JSON.parse(JSON.stringify(state));
