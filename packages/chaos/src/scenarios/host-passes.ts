import type { SeededRandom } from '@scanner/core/testing';
import type { Ended, RunningProgram } from '@scanner/testing';

import type { Harm } from '../harm.ts';
import { GTS } from '../programs.ts';
import type { Scenario, Subject } from '../scenario.ts';
import { type HostWorld, openFakeHost } from './host-world.ts';

const SCAN = ['host', 'scan', '--log-format', 'json', '--verbose'];
const BUSY = 4;

/** `gts host scan` with mail and webhook. */
export const hostPasses: Scenario = {
  name: 'host',
  weight: 8,
  mostTries: 6,
  open: async (place, random) => new HostPasses(await openFakeHost(place, random, GTS), () => 1),
};

/** Two and three of them begin at once in a directory that none of them knows yet. */
export const hostPassesTogether: Scenario = {
  name: 'host-together',
  weight: 3,
  mostTries: 2,
  open: async (place, random) => new HostPasses(await openFakeHost(place, random, GTS), () => several(random)),
};

const several = (random: SeededRandom): number => 2 + random.below(2);

/** Passes over a host that change after change is made on. */
export class HostPasses implements Subject {
  readonly #world: HostWorld;
  readonly #programs: () => number;
  /** Images that were reported as done since the last change, and how often they had been scanned until then. */
  readonly #reported = new Map<string, number>();

  constructor(world: HostWorld, programs: () => number) {
    this.#world = world;
    this.#programs = programs;
  }

  change(): Promise<void> {
    return this.#world.change();
  }

  async start(): Promise<readonly RunningProgram[]> {
    return Array.from({ length: this.#programs() }, () => this.#world.user.start(this.#arguments()));
  }

  async hear(ended: readonly Ended[], harm: Harm): Promise<readonly string[]> {
    if (harm.kind === 'none' || harm.kind === 'kill') await this.#noteReported(ended);
    if (harm.kind !== 'none') return [];
    const odd = ended.filter(({ exitCode }) => exitCode !== 0 && !(ended.length > 1 && exitCode === BUSY));
    return odd.map(({ exitCode, stderr }) => `an unharmed pass ended with ${exitCode}: ${stderr}`);
  }

  finish(): Promise<Ended> {
    return this.#world.user.run(this.#arguments());
  }

  async faults(): Promise<readonly string[]> {
    return [...(await this.#scannedAgain()), ...this.#world.tellingFaults()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
  }

  #arguments(): readonly string[] {
    return [...SCAN, ...this.#world.selection()];
  }

  async #noteReported(ended: readonly Ended[]): Promise<void> {
    for (const reference of ended.flatMap(({ stderr }) => doneIn(stderr))) {
      const scans = await this.#world.scansOf(reference);
      if (scans !== undefined) this.#reported.set(reference, scans);
    }
  }

  async #scannedAgain(): Promise<readonly string[]> {
    const reported = [...this.#reported];
    this.#reported.clear();
    const now = await Promise.all(reported.map(([reference]) => this.#world.scansOf(reference)));
    return reported
      .filter(([, before], index) => (now[index] ?? before) > before)
      .map(([reference]) => `the result of ${reference} was reported and is lost: it was scanned again`);
  }
}

/** The references that a pass has said to be done with. */
function doneIn(stderr: string): readonly string[] {
  return [...stderr.matchAll(/\d+\/\d+ images: ([^"\s]+)/g)].map(([, reference = '']) => reference);
}
