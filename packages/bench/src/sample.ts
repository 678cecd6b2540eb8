import type { NodeOutcome } from './built-gts.ts';
import type { RunOutcome } from './command.ts';

/** One measurement. */
export interface Sample<Subject extends string = string> {
  /** From 1. */
  readonly round: number;
  /** What was measured, such as `loop, empty cache`. */
  readonly subject: Subject;
  /** Time from the start of the command to its end. */
  readonly seconds: number;
  /** How many processes of Trivy it started, whatever for. */
  readonly trivyProcesses: number;
  /** What the Node process used; null where there is no such process. */
  readonly usage: Omit<NodeOutcome, keyof RunOutcome> | null;
}

/** What a run measured; times with the precision that means something. */
export function sampleOf<Subject extends string>(
  round: number,
  subject: Subject,
  outcome: RunOutcome | NodeOutcome,
  trivyProcesses: number,
): Sample<Subject> {
  const seconds = Math.round(outcome.milliseconds) / 1000;
  return { round, subject, seconds, trivyProcesses, usage: usageOf(outcome) };
}

/** The times of one subject in the order of the rounds. */
export function timesOf<Subject extends string>(samples: readonly Sample<Subject>[], subject: Subject): number[] {
  return samples
    .filter((sample) => sample.subject === subject)
    .toSorted((one, other) => one.round - other.round)
    .map(({ seconds }) => seconds);
}

function usageOf(outcome: RunOutcome | NodeOutcome): Sample['usage'] {
  if (!('peakMemoryBytes' in outcome)) return null;
  const { peakMemoryBytes, cpuSeconds, childrenCpuSeconds } = outcome;
  return { peakMemoryBytes, cpuSeconds, childrenCpuSeconds };
}
