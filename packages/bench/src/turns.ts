/**
 * Runs what is compared one after the other, in every second round the other way round: what comes first finds another
 * machine than what comes last.
 */
export async function inTurns(round: number, steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of round % 2 === 1 ? steps : steps.toReversed()) await step();
}
