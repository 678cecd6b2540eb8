import type { ToldState } from '../notice/told-state.ts';
import type { Delivery, DeliveryKey, Outbox, OutboxMessage } from './outbox.ts';

/**
 * What had been told and cannot be read any more, since its file or a part of it was damaged. Of these references it is
 * unknown what people know: they are not in the state, and yet were not never met. To compare them with their baseline,
 * or to show them in one inventory, repeats at most what was told before and misses nothing; whoever tells it says why.
 */
export interface LostKnowledge {
  /** When that was noticed first, ISO 8601. */
  readonly since: string;
  /** `all`: and with it what still waited to be delivered. */
  readonly references: 'all' | ReadonlySet<string>;
}

export interface ToldReading {
  readonly state: ToldState;
  /** Not null until a state is committed in which these references were scanned, for 30 days at most. */
  readonly lost: LostKnowledge | null;
}

/** What one pass leaves behind. */
export interface PassTold {
  /** All of it: what is not in it is forgotten. */
  readonly state: ToldState;
  readonly message: OutboxMessage | null;
  /** Deliveries that the message names as held or given up. */
  readonly names?: readonly Pick<Delivery, keyof DeliveryKey | 'status'>[];
}

/** A delivery that is held or was given up. */
export interface UndeliveredDelivery extends Delivery {
  /** When its message was decided, ISO 8601. */
  readonly decidedAt: string;
  /** Whether the message reached anybody, by whatever channel. */
  readonly reachedOthers: boolean;
}

/**
 * What people know, and what is on its way to them. The two change together or not at all. One process at a time makes
 * passes; any number may look. Every method may throw ScannerError `disk_full`, `directory_busy`, `directory_unusable`
 * or `store_corrupt`; nothing has changed then.
 */
export interface TellingStore extends Outbox {
  read(): ToldReading;
  /** What `awaitingSecondLook` says of the state; the findings, which are most of it, are not read for it. */
  awaitingSecondLook(): ReadonlySet<string>;
  /**
   * Deliveries that are held or were given up, and that no message names which reached somebody or still may. One that
   * was named as held and is given up is among them again.
   */
  undelivered(): readonly UndeliveredDelivery[];
  /**
   * Stores the state and puts the message into the outbox, at once or not at all; a message that is there already stays
   * as it is. When it returns, both survive a crash.
   */
  commit(told: PassTold): void;
}
