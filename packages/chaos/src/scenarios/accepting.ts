import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { SeededRandom } from '@scanner/core/testing';
import type { Ended, RunningProgram } from '@scanner/testing';
import { z } from 'zod';

import type { Harm } from '../harm.ts';
import { GTS } from '../programs.ts';
import type { Scenario, Subject } from '../scenario.ts';
import { type FakeHostWorld, openFakeHost } from './host-world.ts';

/** `gts accept` and `gts baseline save`, one to three at once on the same baselines. */
export const accepting: Scenario = {
  name: 'accepting',
  weight: 5,
  mostTries: 8,
  open: async (place, random) => {
    const world = await openFakeHost(place, random, GTS);
    const subject = new Accepting(world, random);
    await subject.begin();
    return subject;
  },
};

const REFERENCE = 'registry.example/chaos/vulnerable:1';
const VULNERABILITIES = Array.from({ length: 90 }, (_, index) => `CVE-2099-${20_000 + index}`);
const SAVED = ['first', 'second', 'third'].map((name) => `registry.example/chaos/${name}:1`);
const SAVED_VULNERABILITY = 'CVE-2099-1';
const MOST_PROGRAMS = 3;
const RULES = 'rules.json';

const BaselineFile = z.looseObject({ reference: z.string().nullable().optional() });

/** What one command is to accept. */
interface Acceptance {
  readonly args: readonly string[];
  /** The baseline of a reference in which it has to stand, or the file of rules. */
  readonly where: string;
  /** A word that stands for it there. */
  readonly word: string;
}

class Accepting implements Subject {
  readonly #world: FakeHostWorld;
  readonly #random: SeededRandom;
  readonly #accepted: Acceptance[] = [];
  #started: readonly Acceptance[] = [];
  #made = 0;

  constructor(world: FakeHostWorld, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
  }

  /** Only what a pass has seen can be accepted. */
  async begin(): Promise<void> {
    await this.#world.put(REFERENCE, VULNERABILITIES);
    for (const reference of SAVED) await this.#world.put(reference, [SAVED_VULNERABILITY]);
    const { exitCode, stderr } = await this.#world.user.run(['host', 'scan']);
    if (exitCode !== 0) throw new Error(`The pass before everything ended with ${exitCode}: ${stderr}`);
  }

  async change(): Promise<void> {}

  async start(): Promise<readonly RunningProgram[]> {
    this.#started = Array.from({ length: 1 + this.#random.below(MOST_PROGRAMS) }, () => this.#next());
    return this.#started.map(({ args }) => this.#world.user.start(args));
  }

  async hear(ended: readonly Ended[], harm: Harm): Promise<readonly string[]> {
    for (const [index, { exitCode }] of ended.entries()) {
      const acceptance = this.#started[index];
      if (exitCode === 0 && acceptance !== undefined) this.#accepted.push(acceptance);
    }
    if (harm.kind !== 'none') return [];
    return ended.flatMap(({ exitCode, stderr }) => (exitCode === 0 ? [] : [`unharmed, ${exitCode}: ${stderr}`]));
  }

  /** A pass says where it cannot read a baseline. */
  async finish(): Promise<Ended> {
    const acceptance = this.#acceptOne(['--image', REFERENCE], REFERENCE);
    const ended = await this.#world.user.run(acceptance.args);
    if (ended.exitCode === 0) this.#accepted.push(acceptance);
    return ended.exitCode === 0 ? this.#world.user.run(['host', 'scan']) : ended;
  }

  async faults(): Promise<readonly string[]> {
    const texts = await this.#texts();
    return this.#accepted
      .filter(({ where, word }) => texts.get(where)?.includes(word) !== true)
      .map(({ args }) => `\`gts ${args.join(' ')}\` was reported as done and is lost`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
  }

  /** One of a reference, one of all references, or a whole scan. */
  #next(): Acceptance {
    const chosen = this.#random.below(3);
    if (chosen === 0) return this.#acceptOne([], RULES);
    if (chosen === 1) return this.#acceptOne(['--image', REFERENCE], REFERENCE);
    const reference = this.#random.pick(SAVED) ?? REFERENCE;
    return { args: ['baseline', 'save', reference], where: reference, word: SAVED_VULNERABILITY };
  }

  /** Each accepts another vulnerability, so that no acceptance takes the place of one before. */
  #acceptOne(image: readonly string[], where: string): Acceptance {
    const vulnerability = VULNERABILITIES[this.#made] ?? 'CVE-2099-2';
    this.#made += 1;
    const word = `reason ${this.#made};`;
    return { args: ['accept', vulnerability, ...image, '--reason', word], where, word };
  }

  /** The texts of all baselines by reference, and the rules. */
  async #texts(): Promise<ReadonlyMap<string, string>> {
    const directory = join(this.#world.user.directory, 'snapshots');
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    return new Map(
      await Promise.all(
        names.map(async (name) => {
          const text = await readFile(join(directory, name), 'utf8');
          const { reference } = BaselineFile.parse(JSON.parse(text));
          return [reference ?? name, text] as const;
        }),
      ),
    );
  }
}
