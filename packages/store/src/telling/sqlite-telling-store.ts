import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import {
  type Clock,
  type Delivery,
  type DeliveryKey,
  type FailedAttempt,
  type Log,
  type OutboxBounds,
  type OutboxMessage,
  type OutboxState,
  type PassTold,
  type PostponedAttempt,
  type TellingStore,
  type ToldReading,
  type UndeliveredDelivery,
} from '@scanner/core';

import type { EmbeddedDatabase } from '../embedded-database.ts';
import { prepared } from '../prepared.ts';
import { transaction } from '../transaction.ts';
import {
  type Attempt,
  bury,
  countAttempt,
  giveUpWaiting,
  holdWhereAllWereRefused,
  makeDue,
  readDead,
  readHeads,
  readOutboxState,
  readWaiting,
} from './delivery-table.ts';
import { forgetLost, noteEverythingLost, noteLost, readLost } from './lost-table.ts';
import { dropEnded, parseMessage, readMessage, writeMessage } from './message-table.ts';
import { nameDeliveries, readUndelivered } from './named-deliveries.ts';
import { type PassesTold, readPasses, writePasses } from './passes-table.ts';
import { readAwaitingSecondLook, readReferences, writeReferences } from './told-table.ts';

const DAY_MS = 86_400_000;

export interface TellingStoreParts {
  readonly file: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly keepDays: number;
}

export type OpenTellingStore = TellingStore & Disposable & { close(): void };

/** The store over a database that is already open. */
export class SqliteTellingStore implements OpenTellingStore {
  readonly #database: EmbeddedDatabase;
  readonly #parts: TellingStoreParts;
  readonly #begun = new WeakSet<DatabaseSync>();

  constructor(database: EmbeddedDatabase, parts: TellingStoreParts) {
    this.#database = database;
    this.#parts = parts;
  }

  read(): ToldReading {
    return this.#use((connection) => {
      const { states, damaged } = readReferences(connection);
      for (const row of damaged) this.#warn('the notification state of a reference is damaged and was reset', row);
      if (damaged.length > 0)
        noteLost(
          connection,
          damaged.map(({ reference }) => reference),
          this.#parts.clock.now(),
        );
      return {
        state: { references: [...states], ...this.#readPasses(connection) },
        lost: readLost(connection),
      };
    });
  }

  awaitingSecondLook(): ReadonlySet<string> {
    return this.#use(readAwaitingSecondLook);
  }

  undelivered(): readonly UndeliveredDelivery[] {
    return this.#use(readUndelivered);
  }

  commit({ state, message, names = [] }: PassTold): void {
    const now = this.#parts.clock.now();
    const oldest = new Date(now.getTime() - this.#parts.keepDays * DAY_MS);
    this.#write((connection) => {
      writeReferences(connection, state.references);
      writePasses(connection, state);
      forgetLost(connection, state, now);
      const number = message === null ? null : writeMessage(connection, message);
      if (number !== null) nameDeliveries(connection, number, names);
      dropEnded(connection, oldest);
    });
  }

  heads(): readonly Delivery[] {
    return this.#use(readHeads);
  }

  find(message: string): OutboxMessage | undefined {
    const body = this.#use((connection) => readMessage(connection, message));
    if (body === undefined) return undefined;
    try {
      return parseMessage(body);
    } catch (error) {
      this.#warn('a queued notice is damaged and will not be delivered', { message, reason: String(error) });
      this.#write((connection) => bury(connection, message, this.#parts.clock.now().toISOString()));
      return undefined;
    }
  }

  recordSent(delivery: DeliveryKey, at: string): void {
    this.#record(delivery, { status: 'sent', nextAt: null, heldSince: null, error: null, endedAt: at });
  }

  recordRetry(delivery: DeliveryKey, { at, error, nextAt, held }: PostponedAttempt): void {
    this.#record(delivery, { status: 'pending', nextAt, heldSince: held ? at : null, error, endedAt: null });
  }

  recordRefused(delivery: DeliveryKey, attempt: FailedAttempt & { readonly nextAt: string }): 'dead' | 'held' {
    const { at, error } = attempt;
    return this.#write((connection) => {
      countAttempt(connection, delivery, { status: 'dead', nextAt: null, heldSince: null, error, endedAt: at });
      return holdWhereAllWereRefused(connection, delivery, attempt) ? 'held' : 'dead';
    });
  }

  giveUp(bounds: OutboxBounds, at: string): number {
    return this.#write((connection) => giveUpWaiting(connection, bounds, at));
  }

  retry(recipient?: string): number {
    return this.#write((connection) => makeDue(connection, recipient));
  }

  waiting(limit: number): readonly Delivery[] {
    return this.#use((connection) => readWaiting(connection, limit));
  }

  deadLetters(limit: number): readonly Delivery[] {
    return this.#use((connection) => readDead(connection, limit));
  }

  state(): OutboxState {
    return this.#use(readOutboxState);
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #record(delivery: DeliveryKey, attempt: Attempt): void {
    this.#write((connection) => countAttempt(connection, delivery, attempt));
  }

  #write<T>(work: (connection: DatabaseSync) => T): T {
    return this.#use((connection) => transaction(connection, () => work(connection)));
  }

  /** A connection may be to a file that has just taken the place of a damaged one. */
  #use<T>(work: (connection: DatabaseSync) => T): T {
    return this.#database.use((connection) => {
      if (!this.#begun.has(connection)) this.#begin(connection);
      this.#begun.add(connection);
      return work(connection);
    });
  }

  /** What stands beside a new file tells a loss from a first run, also after a crash between the two. */
  #begin(connection: DatabaseSync): void {
    if (prepared(connection, 'SELECT 1 FROM told_pass').get() !== undefined) return;
    transaction(connection, () => {
      const { changes } = prepared(connection, 'INSERT OR IGNORE INTO told_pass (only_row) VALUES (1)').run();
      if (changes > 0 && this.#isSuccessor()) noteEverythingLost(connection, this.#parts.clock.now());
    });
  }

  #isSuccessor(): boolean {
    const { file } = this.#parts;
    return readdirSync(dirname(file)).some((name) => name.startsWith(`${basename(file)}.corrupt-`));
  }

  /** What cannot be read counts as never noted. */
  #readPasses(connection: DatabaseSync): PassesTold {
    const { passes, damaged } = readPasses(connection);
    for (const { what, reason } of damaged) this.#warn(`${what} cannot be read: it counts as nothing`, { reason });
    return passes;
  }

  #warn(message: string, facts: Readonly<Record<string, unknown>>): void {
    this.#parts.log.warn(message, { code: 'store_corrupt', file: this.#parts.file, ...facts });
  }
}
