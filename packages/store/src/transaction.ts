import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` as one transaction: all of it is on the disk when this returns, or none when it throws. */
export const transaction = <T>(connection: DatabaseSync, work: () => T): T => {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
};
