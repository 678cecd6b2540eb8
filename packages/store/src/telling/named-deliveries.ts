import type { DatabaseSync } from 'node:sqlite';

import type { PassTold, UndeliveredDelivery } from '@scanner/core';

import { prepared } from '../prepared.ts';
import { COLUMNS, toDelivery } from './delivery-table.ts';

/** What is left over is named by the notice after the next. */
const MOST_NAMED = 5000;

/** A message that was forgotten meanwhile reached somebody, or nobody will be told by it any more. */
export const readUndelivered = (connection: DatabaseSync): UndeliveredDelivery[] =>
  prepared(
    connection,
    `SELECT ${COLUMNS}, created_at, EXISTS (
         SELECT 1 FROM delivery AS other WHERE other.message = failed.message AND status = 'sent') AS reached_others
       FROM delivery AS failed JOIN message ON number = failed.message
       WHERE (status = 'dead' OR (status = 'pending' AND held_since IS NOT NULL))
         AND (named_in IS NULL OR named_as <> status OR (
           EXISTS (SELECT 1 FROM delivery AS naming WHERE naming.message = failed.named_in)
           AND NOT EXISTS (
             SELECT 1 FROM delivery AS naming WHERE naming.message = failed.named_in AND naming.status <> 'dead')))
       ORDER BY failed.message, position LIMIT ?`,
  )
    .all(MOST_NAMED)
    .map((row) => ({
      ...toDelivery(row),
      decidedAt: String(row['created_at']),
      reachedOthers: Number(row['reached_others']) === 1,
    }));

/** @param number that of the message that names them */
export const nameDeliveries = (
  connection: DatabaseSync,
  number: number | bigint,
  names: NonNullable<PassTold['names']>,
): void => {
  const name = prepared(
    connection,
    `UPDATE delivery SET named_in = ?, named_as = ?
       WHERE message = (SELECT number FROM message WHERE id = ?) AND channel = ? AND recipient = ?`,
  );
  for (const { message, channel, recipient, status } of names) name.run(number, status, message, channel, recipient);
};
