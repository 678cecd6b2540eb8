import { type ToldState } from '../notice/told-state.ts';
import type { LostKnowledge, PassTold, TellingStore, ToldReading } from '../ports/telling-store.ts';
import { InMemoryOutbox } from './in-memory-outbox.ts';
/** What was told, for as long as this object lives. Gives out copies, as a store on disk does. */
export declare class InMemoryTellingStore extends InMemoryOutbox implements TellingStore {
  #private;
  constructor(state?: ToldState, lost?: LostKnowledge | null);
  read(): ToldReading;
  awaitingSecondLook(): ReadonlySet<string>;
  commit({ state, message }: PassTold): void;
}
