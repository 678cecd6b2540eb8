import { findTrivy } from '@scanner/app/host';
import type { Check } from '@scanner/core';
import type { TrivyBinary } from '@scanner/scanner';

import { bad, type CheckParts, good, odd } from './check.ts';

/** Whether a Trivy is there that may be used. */
export const checkTrivy = async (
  parts: CheckParts,
): Promise<{ readonly check: Check; readonly trivy: TrivyBinary | null }> => {
  try {
    const trivy = await findTrivy(parts, parts.context.signal);
    const message = `${trivy.version} at ${trivy.path}`;
    const [warning] = trivy.warnings;
    return {
      check: warning === undefined ? good('trivy', message) : odd('trivy', message, trivy.warnings.join(' ')),
      trivy,
    };
  } catch (error) {
    return { check: bad('trivy', error), trivy: null };
  }
};
