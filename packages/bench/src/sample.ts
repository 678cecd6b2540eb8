import type { RunOutcome } from './command.ts';

/** One measurement. */
export interface Sample {
  /** From 1. */
  readonly round: number;
  /** What was measured, such as `loop, empty cache`. */
  readonly subject: string;
  /** Time from the start of the command to its end. */
  readonly seconds: number;
  /** How many processes of Trivy it started, whatever for. */
  readonly trivyProcesses: number;
  /** The most memory that the Node process held at once, without its children; null where there is no such process. */
  readonly peakMemoryBytes: number | null;
}

/** How long a run took, with the precision that means something. */
export function secondsOf({ milliseconds }: RunOutcome): number {
  return Math.round(milliseconds) / 1000;
}
