import type { Severity } from '@scanner/core';

import { differences, ofSeverities } from './finding-sets.ts';
import type { FindingSets } from './finding-sets.ts';

const TOLD_DIFFERENCES = 50;

/** What the reference found in each situation at first, and where any later run found something else. */
export class ExpectedFindings<Situation extends string> {
  readonly #expected = new Map<Situation, FindingSets>();
  readonly #differences = new Set<string>();

  /** A run of the reference. The first in a situation says what has to be found. */
  reference(situation: Situation, subject: string, findings: FindingSets): void {
    if (!this.#expected.has(situation)) this.#expected.set(situation, findings);
    this.compare(situation, subject, findings);
  }

  /** A run that shows everything, or findings of these severities. Throws where the reference has not been there yet. */
  compare(situation: Situation, subject: string, findings: FindingSets, severities?: readonly Severity[]): void {
    const all = this.of(situation);
    const shown = severities === undefined ? all : ofSeverities(all, severities);
    for (const difference of differences(shown, findings)) this.#differences.add(`${subject}: ${difference}`);
  }

  /** Throws where the reference has not been there yet. */
  of(situation: Situation): FindingSets {
    const expected = this.#expected.get(situation);
    if (expected === undefined) throw new Error(`Nothing says what has to be found: ${situation}.`);
    return expected;
  }

  /** As {@link compare}, for a run whose failures are counted elsewhere. */
  comparePartly(situation: Situation, subject: string, findings: FindingSets): void {
    const scanned = [...this.of(situation)].filter(([reference]) => findings.has(reference));
    for (const difference of differences(new Map(scanned), findings))
      this.#differences.add(`${subject}: ${difference}`);
  }

  /** How many findings all references have together. */
  count(situation: Situation): number {
    return [...this.of(situation).values()].reduce((sum, found) => sum + found.size, 0);
  }

  /** What is wrong where two situations should differ and do not. */
  sameness(one: Situation, other: Situation): string[] {
    return differences(this.of(one), this.of(other)).length > 0 ? [] : [`The same was found with ${one} and ${other}.`];
  }

  /** Why the times mean nothing, as sentences; none when every run found the same. */
  problems(): string[] {
    const found = [...this.#differences];
    if (found.length === 0) return [];
    const more = found.length - TOLD_DIFFERENCES;
    return [
      'Not every run found the same as the plain one did at first, so the times say nothing:',
      ...found.slice(0, TOLD_DIFFERENCES).map((difference) => `  ${difference}`),
      ...(more > 0 ? [`  and ${more} differences more`] : []),
    ];
  }
}
