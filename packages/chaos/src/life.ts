import { SeededRandom } from '@scanner/core/testing';
import type { Ended } from '@scanner/testing';

import { chooseHarm, describeHarm, type Harm } from './harm.ts';
import { inflict } from './inflict.ts';
import type { Pace } from './pace.ts';
import { withinPatience } from './patience.ts';
import { openPlace, type Place } from './place.ts';
import type { Scenario, Subject } from './scenario.ts';
import type { Tally } from './tally.ts';

export interface LifeOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly pace: Pace;
  readonly tally: Tally;
  readonly sharedCache: string;
  /** Whether no further try is to be begun. */
  readonly isOver: () => boolean;
}

/** How often a program is harmed again before it is left to come to its end. */
const AGAIN = 0.5;
const MOST_IN_A_ROW = 4;
const TOLD_CHARACTERS = 1500;

/** Harms the programs of one directory again and again; each time the next start has to come to its end and to lose nothing. */
export async function live(options: LifeOptions): Promise<readonly string[]> {
  const random = new SeededRandom(options.seed);
  await using place = await openPlace(options.sharedCache);
  await using subject = await options.scenario.open(place, random);
  const tries = 1 + random.below(options.scenario.mostTries);
  for (let tried = 1; tried <= tries && !options.isOver(); tried += 1) {
    const harms: Harm[] = [];
    const faults = await tryOnce(harms, { ...options, place, subject, random }).catch(brokenOff);
    options.tally.addFaults(options.scenario.name, faults.length);
    if (faults.length === 0) continue;
    const where = `${options.scenario.name}, seed ${options.seed}, try ${tried} (${harms.map(describeHarm).join('; ')})`;
    return faults.map((fault) => `${where}: ${fault}`);
  }
  return [];
}

/** What cannot be read at all is a fault like others. */
function brokenOff(error: unknown): readonly string[] {
  return [`the try broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
}

interface TryParts extends LifeOptions {
  readonly place: Place;
  readonly subject: Subject;
  readonly random: SeededRandom;
}

/** @param harms takes what is done */
async function tryOnce(harms: Harm[], parts: TryParts): Promise<readonly string[]> {
  const { place, subject, random } = parts;
  const faults: string[] = [];
  await subject.change();
  do {
    const harm = chooseHarm(random);
    harms.push(harm);
    faults.push(...(await harmOnce(harm, parts)));
  } while (random.chance(AGAIN) && harms.length < MOST_IN_A_ROW);
  await place.ageLeftovers();
  const { result: finished, faults: late } = await withinPatience(subject.finish(), place);
  return [...faults, ...late, ...endOf(finished), ...(await subject.faults()), ...(await place.faults())];
}

async function harmOnce(harm: Harm, { scenario, subject, place, pace, tally }: TryParts): Promise<readonly string[]> {
  const usual = pace.of(scenario.name) ?? 1000;
  const { ended, milliseconds, hit, faults } = await inflict(harm, subject, place, usual);
  if (harm.kind === 'none') pace.learn(scenario.name, milliseconds);
  tally.add(scenario.name, { harm: harm.kind, hit });
  return [...faults, ...ended.flatMap(crashOf), ...(await subject.hear(ended, harm))];
}

function endOf({ exitCode, stderr }: Ended): readonly string[] {
  return exitCode === 0 ? [] : [`the next start ended with ${exitCode}: ${stderr.slice(-TOLD_CHARACTERS)}`];
}

/** Whatever is done to a program, it says so in words of its own. */
function crashOf({ stderr, signal }: Ended): readonly string[] {
  const by = signal === null || signal === 'SIGKILL' ? [] : [`a program was ended by ${signal}`];
  return isCrash(stderr) ? [`a program crashed: ${stderr.slice(-TOLD_CHARACTERS)}`, ...by] : by;
}

/** A log that tells everything has the traces of errors too, each line of them as a message. */
function isCrash(stderr: string): boolean {
  const plain = stderr.split('\n').filter((line) => !line.startsWith('{'));
  return (
    /"code":"internal"/.test(stderr) || plain.some((line) => /error\[internal\]|^ {4}at |node:internal/.test(line))
  );
}
