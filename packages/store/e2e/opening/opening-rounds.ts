import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { silentLog, systemClock } from '@scanner/core';

import { EmbeddedDatabase } from '../../src/embedded-database.ts';
import { RESULT_FORMAT, SqliteResultStore } from '../../src/result-store.ts';
import { resultKey, SCAN, STORE_KINDS } from './store-kinds.ts';

const OPENER = fileURLToPath(new URL('opener.ts', import.meta.url));
const MOST_OPENERS = 3;
/** As long as an opener takes, or longer; a new one takes so long to start that most are left alive. */
const LIFE_MS = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) },
);

/** One directory that several processes open at once, and what then befalls them. */
const ROUND = fc.record({
  kind: fc.constantFrom(...Object.keys(STORE_KINDS)),
  /** Whether there is one of an older version. */
  isOlder: fc.boolean(),
  openers: fc.integer({ min: 2, max: MOST_OPENERS }),
  /** How often each opens it; who opens it once closes it while the others still open it. */
  times: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: MOST_OPENERS, maxLength: MOST_OPENERS }),
  /** After how long each is killed, if it is. */
  lives: fc.array(LIFE_MS, { minLength: MOST_OPENERS, maxLength: MOST_OPENERS }),
});

type Round = typeof ROUND extends fc.Arbitrary<infer Value> ? Value : never;

export interface RoundsOptions {
  readonly directory: string;
  readonly seed: number;
  readonly rounds: number;
  /** No round is begun after it. */
  readonly forMs: number;
  /** Whether openers are killed. */
  readonly kills: boolean;
}

export interface RoundsDone {
  readonly rounds: number;
  readonly openings: number;
  readonly kills: number;
  /** What went wrong, none where all is well. */
  readonly problems: readonly string[];
}

/** Lets two and three processes at once open directories anew, and looks whether all that was saved is there. */
export const openTogether = async (options: RoundsOptions): Promise<RoundsDone> => {
  const { directory, seed, kills, forMs } = options;
  const end = performance.now() + forMs;
  const done = { rounds: 0, openings: 0, kills: 0, problems: [] as string[] };
  await using openers = new Openers();
  for (const round of fc.sample(ROUND, { numRuns: options.rounds, seed })) {
    if (performance.now() > end) break;
    const place = join(directory, String(done.rounds));
    mkdirSync(place);
    const said = await openers.run(place, kills ? round : { ...round, lives: [] }, done);
    const problems = [...said.problems, ...(await lookAt(place, round.kind, said.saved))];
    done.problems.push(...problems.map((problem) => `round ${done.rounds} of seed ${seed}: ${problem}`));
    rmSync(place, { recursive: true });
    done.rounds += 1;
  }
  return { ...done, kills: openers.killed };
};

interface Said {
  readonly saved: readonly string[];
  readonly problems: readonly string[];
}

/** Child processes that wait for a directory to open. */
class Openers implements AsyncDisposable {
  readonly #waiting: Promise<Opener>[] = [];
  killed = 0;

  /** Twice: at first some are killed, and then others open what they left. */
  async run(place: string, round: Round, done: { openings: number }): Promise<Said> {
    const before = round.isOlder && round.kind === 'results' ? layOlder(place) : [];
    const first = await this.#openAtOnce(place, 'first', round);
    const then = await this.#openAtOnce(place, 'then', { ...round, lives: [] });
    const saved = [...before, ...first.saved, ...then.saved];
    done.openings += saved.length;
    return { saved, problems: [...first.problems, ...then.problems] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const opener of await Promise.all(this.#waiting)) opener.kill();
  }

  async #openAtOnce(place: string, name: string, round: Round): Promise<Said> {
    while (this.#waiting.length < round.openers) this.#waiting.push(Opener.start());
    const openers = await Promise.all(this.#waiting.splice(0, round.openers));
    const said = await Promise.all(
      openers.map((opener, index) => {
        const life = round.lives[index] ?? null;
        const heard = opener.open(`${place} ${round.kind} ${name}-${index} ${round.times[index]}`);
        if (life !== null) void sleep(life).then(() => opener.kill());
        this.killed += life === null ? 0 : 1;
        this.#waiting.push(life === null ? Promise.resolve(opener) : Opener.start());
        return heard;
      }),
    );
    const after = (word: string): string[] =>
      said.flat().flatMap((line) => (line.startsWith(word) ? line.slice(word.length) : []));
    return { saved: after('saved '), problems: after('problem ') };
  }
}

class Opener {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stderr.pipe(process.stderr, { end: false });
    // It may be killed before it has read what it is to do.
    child.stdin.on('error', () => {});
  }

  static async start(): Promise<Opener> {
    const opener = new Opener(spawn(process.execPath, ['--conditions=@scanner/source', OPENER]));
    await opener.#linesUntil('ready');
    return opener;
  }

  /** @returns what it says until it is done, or killed */
  open(line: string): Promise<readonly string[]> {
    this.#child.stdin.write(`${line}\n`);
    return this.#linesUntil('done');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #linesUntil(last: string): Promise<readonly string[]> {
    const lines: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true || value === last) return lines;
      lines.push(value);
    }
  }
}

/** @returns what is saved in it */
const layOlder = (directory: string): readonly string[] => {
  const format = { ...RESULT_FORMAT, migrations: RESULT_FORMAT.migrations.slice(0, 1) };
  using database = new EmbeddedDatabase(join(directory, 'results.db'), format, { log: silentLog, clock: systemClock });
  new SqliteResultStore(database).save(resultKey('before'), { scan: SCAN, log: null });
  return ['before'];
};

const lookAt = async (place: string, kind: string, saved: readonly string[]): Promise<string[]> => {
  const lost = (await STORE_KINDS[kind]?.missing(place, saved)) ?? [];
  const left = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((file) => LEFT_OVER.test(file));
  return [...lost.map((name) => `${name} was saved in ${kind} and is lost`), ...left.map((file) => `${file} was left`)];
};

const LEFT_OVER = /\.corrupt-|\.tmp$|-wal$|-shm$|-journal$/;
