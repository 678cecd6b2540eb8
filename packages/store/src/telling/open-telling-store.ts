import { type Clock, type Log, silentLog, systemClock } from '@scanner/core';

import { EmbeddedDatabase } from '../embedded-database.ts';
import { type OpenTellingStore, SqliteTellingStore } from './sqlite-telling-store.ts';
import { TELLING_FORMAT } from './telling-format.ts';

export interface TellingStoreOptions {
  readonly log?: Log;
  readonly clock?: Clock;
  /** Messages go so long after they reached everybody, or were refused for good. @default 90 */
  readonly keepDays?: number;
}

/**
 * Opens what a host's people were told, with the messages on their way to them. What `commit` and `record…` returned
 * from is on the disk.
 *
 * A damaged file is set aside as `<file>.corrupt-<UTC time>` with a `store_corrupt` warning and an empty one takes its
 * place; `read().lost` says so until a pass was committed, so that nobody takes it for a first run. So it does of a
 * single reference whose part of the file is damaged. A message that cannot be read counts as not there; who still
 * waited for it is a dead letter, and what comes after it goes on.
 *
 * @throws ScannerError `store_too_new` (the file stays as it is), `directory_unusable`, `directory_busy`, `disk_full` or
 *   `store_corrupt`
 * @example
 * using telling = openTellingStore('/state/telling.db', { log });
 * const { state, notice } = decidePass(telling.read().state, pass, settings);
 * telling.commit({ state, message: notice && composeMessage(notice) });
 */
export const openTellingStore = (
  file: string,
  { log = silentLog, clock = systemClock, keepDays = 90 }: TellingStoreOptions = {},
): OpenTellingStore => {
  const database = new EmbeddedDatabase(file, TELLING_FORMAT, { log, clock });
  return new SqliteTellingStore(database, { file, log, clock, keepDays });
};
