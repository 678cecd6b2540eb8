import { resolve } from 'node:path';

import type { Place } from '@scanner/app';
import { ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { checkDirectory } from '@scanner/store';

/**
 * All that cannot be written at once, so that nobody mends one after the other.
 *
 * @throws ScannerError `directory_unusable` or `disk_full`, with a line for each
 */
export const checkDirectories = async (place: Place, settings: Settings, cwd: string): Promise<void> => {
  const wanted = [
    place.state,
    place.cache,
    place.logs,
    ...(settings.SNAPSHOT_WRITE ? [resolve(cwd, settings.SNAPSHOT_DIR)] : []),
  ];
  const checks = await Promise.allSettled(wanted.map((path) => checkDirectory(path)));
  const problems = checks.flatMap((check) => (check.status === 'rejected' ? [asScannerError(check.reason)] : []));
  const [first] = problems;
  if (first === undefined) return;
  throw new ScannerError(problems.map(({ message }) => message).join('\n'), {
    code: first.code,
    hint: first.hint ?? 'correct the owner of what is named above',
    cause: first,
  });
};

const asScannerError = (error: unknown): ScannerError => {
  if (ScannerError.is(error)) return error;
  throw error;
};
