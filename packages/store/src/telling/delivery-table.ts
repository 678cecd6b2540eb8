import type { DatabaseSync } from 'node:sqlite';

import { Channel, type Delivery, type DeliveryKey, type OutboxState, ScannerError } from '@scanner/core';

import { prepared } from '../prepared.ts';

type Row = Record<string, unknown>;

const COLUMNS = `id, channel, recipient, status, attempts, next_at, last_error`;

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
       (SELECT count(*) FROM delivery WHERE status = 'dead') AS dead,
       (SELECT created_at FROM delivery JOIN message ON number = delivery.message
          WHERE status = 'pending' ORDER BY number LIMIT 1) AS oldest,
       (SELECT last_error FROM delivery WHERE status = 'pending' AND last_error IS NOT NULL
          ORDER BY julianday(next_at), message, position LIMIT 1) AS error`,
  ).get();
  return {
    pending: Number(row?.['pending']),
    dead: Number(row?.['dead']),
    oldestPendingAt: textOrNull(row?.['oldest']),
    lastError: textOrNull(row?.['error']),
  };
};

/** How an attempt ended. */
export interface Attempt {
  readonly status: Delivery['status'];
  readonly nextAt: string | null;
  readonly error: string | null;
  /** When nothing more is to be done, else null. */
  readonly endedAt: string | null;
}

/** @throws ScannerError `internal` where nothing like that is pending */
export const countAttempt = (connection: DatabaseSync, key: DeliveryKey, attempt: Attempt): void => {
  const { changes } = prepared(
    connection,
    `UPDATE delivery
       SET status = ?, next_at = ?, last_error = ?, ended_at = ?, attempts = attempts + 1
       WHERE message = (SELECT number FROM message WHERE id = ?) AND channel = ? AND recipient = ?
         AND status = 'pending'`,
  ).run(attempt.status, attempt.nextAt, attempt.error, attempt.endedAt, key.message, key.channel, key.recipient);
  if (changes === 0)
    throw new ScannerError(`no delivery of ${key.message} by ${key.channel} to ${key.recipient} is pending`, {
      code: 'internal',
    });
};

/** Makes dead letters of a message that cannot be read, so that those behind it go on. */
export const bury = (connection: DatabaseSync, message: string, at: string): void => {
  prepared(
    connection,
    `UPDATE delivery SET status = 'dead', next_at = NULL, last_error = ?, ended_at = ?
       WHERE message = (SELECT number FROM message WHERE id = ?) AND status = 'pending'`,
  ).run('the message was damaged in the store and cannot be read any more', at, message);
};

const STATUSES = ['pending', 'sent', 'dead'] as const;

const toDelivery = (row: Row): Delivery => ({
  message: String(row['id']),
  channel: Channel.parse(row['channel']),
  recipient: String(row['recipient']),
  status: STATUSES.find((status) => status === row['status']) ?? 'pending',
  attempts: Number(row['attempts']),
  nextAt: textOrNull(row['next_at']),
  lastError: textOrNull(row['last_error']),
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
