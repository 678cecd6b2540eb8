import type { DatabaseSync } from 'node:sqlite';

import {
  Channel,
  type Delivery,
  type DeliveryKey,
  type OutboxBounds,
  type OutboxState,
  ScannerError,
} from '@scanner/core';

import { prepared } from '../prepared.ts';

type Row = Record<string, unknown>;

export const COLUMNS = `id, channel, recipient, status, attempts, next_at, held_since, last_error`;

export const readHeads = (connection: DatabaseSync): Delivery[] =>
  prepared(
    connection,
    // Of a group, SQLite takes the columns from the row that has the minimum.
    `SELECT ${COLUMNS}, position, min(delivery.message) AS first
       FROM delivery JOIN message ON number = delivery.message
       WHERE status = 'pending' GROUP BY channel, recipient ORDER BY first, position`,
  )
    .all()
    .map(toDelivery);

export const readWaiting = (connection: DatabaseSync, limit: number): Delivery[] =>
  prepared(
    connection,
    `SELECT ${COLUMNS} FROM delivery JOIN message ON number = delivery.message
       WHERE status = 'pending' ORDER BY delivery.message, position LIMIT ?`,
  )
    .all(limit)
    .map(toDelivery);

export const readDead = (connection: DatabaseSync, limit: number): Delivery[] =>
  prepared(
    connection,
    `SELECT ${COLUMNS} FROM delivery JOIN message ON number = delivery.message
       WHERE status = 'dead' ORDER BY delivery.message DESC, position DESC LIMIT ?`,
  )
    .all(limit)
    .map(toDelivery);

export const readOutboxState = (connection: DatabaseSync): OutboxState => {
  const row = prepared(
    connection,
    `SELECT
       (SELECT count(*) FROM delivery WHERE status = 'pending') AS pending,
       (SELECT count(*) FROM delivery WHERE status = 'pending' AND held_since IS NOT NULL) AS held,
       (SELECT min(held_since) FROM delivery WHERE status = 'pending') AS held_since,
       EXISTS (SELECT 1 FROM delivery AS held WHERE status = 'pending' AND held_since IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM delivery AS other WHERE other.message = held.message
           AND (status = 'sent' OR (status = 'pending' AND held_since IS NULL)))) AS held_for_everybody,
       (SELECT count(*) FROM delivery WHERE status = 'dead') AS dead,
       (SELECT created_at FROM delivery JOIN message ON number = delivery.message
          WHERE status = 'pending' ORDER BY number LIMIT 1) AS oldest,
       (SELECT last_error FROM delivery WHERE status = 'pending' AND last_error IS NOT NULL
          ORDER BY julianday(next_at), message, position LIMIT 1) AS error`,
  ).get();
  return {
    pending: Number(row?.['pending']),
    held: Number(row?.['held']),
    heldSince: textOrNull(row?.['held_since']),
    heldForEverybody: Number(row?.['held_for_everybody']) === 1,
    dead: Number(row?.['dead']),
    oldestPendingAt: textOrNull(row?.['oldest']),
    lastError: textOrNull(row?.['error']),
  };
};

/** How an attempt ended. */
export interface Attempt {
  readonly status: Delivery['status'];
  readonly nextAt: string | null;
  /** From when on it is held, unless it is already; null where it is not. */
  readonly heldSince: string | null;
  readonly error: string | null;
  /** When nothing more is to be done, else null. */
  readonly endedAt: string | null;
}

/** @throws ScannerError `internal` where nothing like that is pending */
export const countAttempt = (connection: DatabaseSync, key: DeliveryKey, attempt: Attempt): void => {
  const { changes } = prepared(
    connection,
    `UPDATE delivery
       SET status = :status, next_at = :nextAt, last_error = :error, ended_at = :endedAt, attempts = attempts + 1,
         held_since = iif(:heldSince IS NULL, NULL, coalesce(held_since, :heldSince))
       WHERE message = (SELECT number FROM message WHERE id = :message) AND channel = :channel
         AND recipient = :recipient AND status = 'pending'`,
  ).run({ ...attempt, message: key.message, channel: key.channel, recipient: key.recipient });
  if (changes === 0)
    throw new ScannerError(`no delivery of ${key.message} by ${key.channel} to ${key.recipient} is pending`, {
      code: 'internal',
    });
};

/**
 * Holds all deliveries of a message by a channel where every one of them was refused for good, so that nobody got it.
 *
 * @returns whether it does
 */
export const holdWhereAllWereRefused = (
  connection: DatabaseSync,
  { message, channel }: DeliveryKey,
  { at, nextAt }: { readonly at: string; readonly nextAt: string },
): boolean => {
  const { changes } = prepared(
    connection,
    `UPDATE delivery SET status = 'pending', next_at = :nextAt, held_since = :at, ended_at = NULL
       WHERE message = (SELECT number FROM message WHERE id = :message) AND channel = :channel
         AND NOT EXISTS (SELECT 1 FROM delivery AS other WHERE other.message = delivery.message
           AND other.channel = delivery.channel AND other.status <> 'dead')`,
  ).run({ message, channel, at, nextAt });
  return Number(changes) > 0;
};

/** Makes dead letters of what waits too long. @returns how many deliveries */
export const giveUpWaiting = (
  connection: DatabaseSync,
  { decidedAfter, waiting }: OutboxBounds,
  at: string,
): number => {
  const { changes } = prepared(
    connection,
    `UPDATE delivery SET status = 'dead', next_at = NULL, held_since = NULL, ended_at = :at
       WHERE status = 'pending' AND rowid IN (
         SELECT rowid FROM (
           SELECT delivery.rowid, created_at,
             row_number() OVER (PARTITION BY channel, recipient ORDER BY delivery.message DESC) AS from_newest
             FROM delivery JOIN message ON number = delivery.message WHERE status = 'pending')
           WHERE julianday(created_at) < julianday(:decidedAfter) OR from_newest > :waiting)`,
  ).run({ decidedAfter, waiting, at });
  return Number(changes);
};

/** Makes deliveries due that did not reach their recipient. @returns how many */
export const makeDue = (connection: DatabaseSync, recipient: string | undefined): number => {
  const { changes } = prepared(
    connection,
    `UPDATE delivery SET status = 'pending', next_at = NULL, ended_at = NULL
       WHERE status IN ('pending', 'dead') AND (:recipient IS NULL OR recipient = :recipient)`,
  ).run({ recipient: recipient ?? null });
  return Number(changes);
};

/** Makes dead letters of a message that cannot be read, so that those behind it go on. */
export const bury = (connection: DatabaseSync, message: string, at: string): void => {
  prepared(
    connection,
    `UPDATE delivery SET status = 'dead', next_at = NULL, held_since = NULL, last_error = ?, ended_at = ?
       WHERE message = (SELECT number FROM message WHERE id = ?) AND status = 'pending'`,
  ).run('the message was damaged in the store and cannot be read any more', at, message);
};

const STATUSES = ['pending', 'sent', 'dead'] as const;

export const toDelivery = (row: Row): Delivery => ({
  message: String(row['id']),
  channel: Channel.parse(row['channel']),
  recipient: String(row['recipient']),
  status: STATUSES.find((status) => status === row['status']) ?? 'pending',
  attempts: Number(row['attempts']),
  nextAt: textOrNull(row['next_at']),
  heldSince: textOrNull(row['held_since']),
  lastError: textOrNull(row['last_error']),
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
