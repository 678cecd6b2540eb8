import { createHash } from 'node:crypto';

import type { PlainChanges } from './plain-comparison.ts';

/** What the programs say that compare a pass with what is known; times in milliseconds. */
export interface TellingReport {
  readonly read: number;
  readonly decide: number;
  /** Rendering the mail; 0 where there is none. */
  readonly freeze: number;
  readonly commit: number;
  /** The most memory that the process held until then. */
  readonly peakMemoryBytes: number;
  readonly changes: ChangesPrint;
  /** Whether what was written reads back as it was. */
  readonly isWhole: boolean;
}

export interface ChangesPrint {
  /** Of all references and kinds. */
  readonly count: number;
  /** The same for the same keys in the same lists of the same references, in whatever order. */
  readonly print: string;
}

export function changesPrint(changes: ReadonlyMap<string, PlainChanges>): ChangesPrint {
  const lines = [...changes]
    .flatMap(([reference, lists]) => [
      ...lists.new.map((key) => `${reference} new ${key}`),
      ...lists.resolved.map((key) => `${reference} resolved ${key}`),
      ...lists.severity_raised.map((key) => `${reference} raised ${key}`),
      ...lists.fix_available.map((key) => `${reference} fix ${key}`),
    ])
    .toSorted();
  return { count: lines.length, print: createHash('sha256').update(lines.join('\n')).digest('hex') };
}
