import type { Severity } from '@scanner/core';

import type { Advisory } from './notice-page.ts';

/** Advisories of one entry that stand in one line. */
export interface AdvisoryLine {
  /** Null where the entry's says it already. */
  readonly severity: Severity | null;
  readonly advisories: readonly Advisory[];
}

/** More of them stand side by side, without their titles. */
const MOST_LINES = 5;

/** A line for each advisory of an entry with several, or where they are many, for those of each severity. */
export const advisoryLines = (advisories: readonly Advisory[]): AdvisoryLine[] => {
  const bySeverity = [...Map.groupBy(advisories, ({ severity }) => severity)];
  const severityOf = (severity: Severity): Severity | null => (bySeverity.length === 1 ? null : severity);
  if (advisories.length > MOST_LINES)
    return bySeverity.map(([severity, alike]) => ({ severity: severityOf(severity), advisories: alike }));
  return advisories.map((advisory) => ({ severity: severityOf(advisory.severity), advisories: [advisory] }));
};
