import { composeDatabase } from '@scanner/app/host';
import { type Check, ScannerError } from '@scanner/core';
import type { TrivyBinary } from '@scanner/scanner';
import { createLockKeeper } from '@scanner/store';

import { bad, type CheckParts, good, odd } from './check.ts';

const HOUR_MS = 3_600_000;

/** Whether a vulnerability database is there, and how old it is. Asks no mirror. */
export const checkDatabase = async (parts: CheckParts, trivy: TrivyBinary | null): Promise<Check> => {
  if (trivy === null) return odd('database', 'not checked, because there is no Trivy', null);
  try {
    const generation = await composeDatabase({ ...parts, locks: createLockKeeper() }, trivy).current();
    if (generation === null) return missing(parts);
    const ageMs = Date.now() - generation.updatedAt.getTime();
    const message = `built ${generation.updatedAt.toISOString()}, ${Math.round(ageMs / HOUR_MS)} h ago, in ${generation.directory}`;
    return ageMs > parts.settings.TRIVY_DB_MAX_AGE * 1000
      ? odd('database', message, 'it is older than TRIVY_DB_MAX_AGE: the next scan updates it or says why it cannot')
      : good('database', message);
  } catch (error) {
    return bad('database', error);
  }
};

const missing = ({ settings, place }: CheckParts): Check =>
  settings.TRIVY_SKIP_DB_UPDATE
    ? bad(
        'database',
        new ScannerError(`none in ${place.cache}, and updates are switched off`, {
          code: 'database_unavailable',
          hint: `put db/trivy.db and db/metadata.json there, or unset TRIVY_SKIP_DB_UPDATE`,
        }),
      )
    : odd(
        'database',
        `none in ${place.cache} yet`,
        `the first scan gets it from ${settings.TRIVY_DB_REPOSITORY.join(' or ')}`,
      );
