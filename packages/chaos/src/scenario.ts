import type { SeededRandom } from '@scanner/core/testing';
import type { Ended, RunningProgram } from '@scanner/testing';

import type { Harm } from './harm.ts';
import type { Place } from './place.ts';

/** A kind of work of the built programs that may be interrupted at any moment. */
export interface Scenario {
  /** As it is named on the command line. */
  readonly name: string;
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  /** The most tries over one directory before a new one is begun. */
  readonly mostTries: number;
  open(place: Place, random: SeededRandom): Promise<Subject>;
}

/** One directory with programs at work on it. */
export interface Subject extends AsyncDisposable {
  /** Makes new work for the programs. */
  change(): Promise<void>;
  /** Starts the programs that do the work; unharmed they end by themselves. */
  start(): Promise<readonly RunningProgram[]>;
  /**
   * Takes notice of what the harmed programs have reported.
   *
   * @returns what they should not have said or done
   */
  hear(ended: readonly Ended[], harm: Harm): Promise<readonly string[]>;
  /** The next start of the program, which comes to its end. */
  finish(): Promise<Ended>;
  /** What was reported and is lost, or told twice, each by its name. */
  faults(): Promise<readonly string[]>;
}
