import type { DatabaseSync } from 'node:sqlite';

import { deliveriesOf, OutboxMessage } from '@scanner/core';

import { compress, decompress } from '../compression.ts';
import { prepared } from '../prepared.ts';

const MAX_MESSAGE_BYTES = 64 * 1024 ** 2;

/**
 * Puts a message in with everyone it has to reach, once, however often it is put in.
 *
 * @returns its number; null where it was there already
 */
export const writeMessage = (connection: DatabaseSync, message: OutboxMessage): number | bigint | null => {
  const { changes, lastInsertRowid } = prepared(
    connection,
    'INSERT INTO message (id, created_at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
  ).run(message.id, message.createdAt, compress(Buffer.from(JSON.stringify(message))));
  if (changes === 0) return null;
  const write = prepared(
    connection,
    'INSERT OR IGNORE INTO delivery (message, channel, recipient, position) VALUES (?, ?, ?, ?)',
  );
  for (const [position, { channel, recipient }] of deliveriesOf(message).entries())
    write.run(lastInsertRowid, channel, recipient, position);
  return lastInsertRowid;
};

export const readMessage = (connection: DatabaseSync, id: string): unknown =>
  prepared(connection, 'SELECT body FROM message WHERE id = ?').get(id)?.['body'];

/** @throws when it is not the body of a message */
export const parseMessage = (body: unknown): OutboxMessage => {
  if (!(body instanceof Uint8Array)) throw new TypeError('not a compressed value');
  return OutboxMessage.parse(JSON.parse(decompress(body, MAX_MESSAGE_BYTES).toString('utf8')));
};

/** @returns how many messages went that nobody has to get any more, all of whose deliveries ended before that moment */
export const dropEnded = (connection: DatabaseSync, before: Date): number => {
  const { changes } = prepared(
    connection,
    `DELETE FROM message WHERE julianday(created_at) < julianday(:before) AND NOT EXISTS (
       SELECT 1 FROM delivery WHERE message = number
         AND (status = 'pending' OR julianday(ended_at) >= julianday(:before))
     )`,
  ).run({ before: before.toISOString() });
  return Number(changes);
};
