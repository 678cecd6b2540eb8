import { setTimeout as sleep } from 'node:timers/promises';

import type { Ended, RunningProgram } from '@scanner/testing';

import type { Harm } from '../harm.ts';
import { IMAGE_SCANNER } from '../programs.ts';
import type { Scenario, Subject } from '../scenario.ts';
import { type HostWorld, openFakeHost } from './host-world.ts';

/** `image-scanner` with a pass every second, until all is told. */
export const daemon: Scenario = {
  name: 'daemon',
  weight: 4,
  mostTries: 6,
  open: async (place, random) => new Daemon(await openFakeHost(place, random, IMAGE_SCANNER)),
};

const LOOK_EVERY_MS = 10;
/** From then on it takes signals. */
const STARTED = 'image-scanner started';
/** A harmed one may not come to tell everything; the last one has all the time that a pass and its mail may take. */
const PATIENCE_MS = { harmed: 8_000, last: 40_000 };

class Daemon implements Subject {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  change(): Promise<void> {
    return this.#world.change();
  }

  async start(): Promise<readonly RunningProgram[]> {
    return [this.#untilTold(PATIENCE_MS.harmed)];
  }

  async hear(ended: readonly Ended[], harm: Harm): Promise<readonly string[]> {
    if (harm.kind !== 'none') return [];
    return ended.flatMap(({ exitCode, stderr }) => (exitCode === 0 ? [] : [`it ended with ${exitCode}: ${stderr}`]));
  }

  finish(): Promise<Ended> {
    return this.#untilTold(PATIENCE_MS.last).ended;
  }

  async faults(): Promise<readonly string[]> {
    return this.#world.tellingFaults();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
  }

  /** A daemon that is asked to stop when everything is told, or after a while. */
  #untilTold(patienceMs: number): RunningProgram {
    const program = this.#world.user.start(['--interval', '1']);
    void this.#stopWhenTold(program, patienceMs);
    return program;
  }

  async #stopWhenTold(program: RunningProgram, patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs;
    const over = new AbortController();
    void program.ended.then(() => over.abort());
    const mayStop = (): boolean =>
      program.stderrSoFar().includes(STARTED) && (this.#world.tellingFaults().length === 0 || performance.now() > end);
    while (!over.signal.aborted && !mayStop()) await sleep(LOOK_EVERY_MS);
    program.kill('SIGTERM');
  }
}
