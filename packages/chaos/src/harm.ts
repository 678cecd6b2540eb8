import type { SeededRandom } from '@scanner/core/testing';

/** What befalls the programs of one try. Moments are shares of the time that an unharmed run takes. */
export type Harm =
  | { readonly kind: 'none' }
  /** `kill -9` of each program at its moment; null for one that lives on. */
  | { readonly kind: 'kill'; readonly at: readonly (number | null)[] }
  /** `SIGSTOP` of a child process, the first that is there from the moment on. */
  | { readonly kind: 'stop'; readonly at: number }
  /** The disk has so much space left when the programs start. */
  | { readonly kind: 'full disk'; readonly kibibytes: number };

export type HarmKind = Harm['kind'];

export const HARM_KINDS: readonly HarmKind[] = ['kill', 'stop', 'full disk', 'none'];

/** As many programs as work on a directory at once. */
const MOST_PROGRAMS = 3;
const CHANCES = { none: 0.04, 'full disk': 0.1, stop: 0.03 } as const;
/** A little late, so that the last moments are hit too. */
const LATEST = 1.05;
const LIVES_ON = 0.25;
/** Of one KiB to four MiB. */
const DISK_DOUBLINGS = 12;

/** Chooses what befalls the next try: mostly a kill. */
export function chooseHarm(random: SeededRandom): Harm {
  const chosen = random.next();
  if (chosen < CHANCES.none) return { kind: 'none' };
  if (chosen < CHANCES.none + CHANCES['full disk'])
    return { kind: 'full disk', kibibytes: Math.ceil(2 ** (random.next() * DISK_DOUBLINGS)) };
  if (chosen < CHANCES.none + CHANCES['full disk'] + CHANCES.stop) return { kind: 'stop', at: random.next() };
  return { kind: 'kill', at: chooseMoments(random) };
}

/** The first program is always killed. */
function chooseMoments(random: SeededRandom): (number | null)[] {
  return Array.from({ length: MOST_PROGRAMS }, (_, index) => {
    const moment = random.next() * LATEST;
    return random.chance(LIVES_ON) && index > 0 ? null : moment;
  });
}

/** How it reads in a message. */
export function describeHarm(harm: Harm): string {
  switch (harm.kind) {
    case 'none':
      return 'unharmed';
    case 'kill':
      return `killed at ${harm.at.map((moment) => moment?.toFixed(3) ?? 'no moment').join(', ')} of its time`;
    case 'stop':
      return `a child stopped at ${harm.at.toFixed(3)} of its time`;
    case 'full disk':
      return `${harm.kibibytes} KiB of disk`;
  }
}
