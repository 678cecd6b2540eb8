import { join } from 'node:path';

import { TopDocument } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';

import { aimCells, aimOver, judged } from '../aim.ts';
import type { Aim } from '../aim.ts';
import { builtGts } from '../built-gts.ts';
import { seedCatalogue } from '../catalogue/seeded-catalogue.ts';
import { runTimed } from '../command.ts';
import type { RunOutcome } from '../command.ts';
import { pairedRatios, spreadOf } from '../statistics.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { plainEnvironment, settle } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { inTurns } from '../turns.ts';

const TOOLS = 10_000;
const LISTED = 20;
/** Commands that take so little are run so often in a round, of which the median counts. */
const RUNS_A_ROUND = 7;
const HELP_TIMES = 3;
const TOP_TIMES = 8;

/** Times of one round in milliseconds. */
interface StartupRound {
  readonly bareNode: number;
  readonly help: number;
  readonly top: number;
}

/** What it takes to start `gts`, against a Node that does nothing. */
export const startupSuite: Suite = {
  name: 'startup',
  summary: `gts --help, and gts top on ${TOOLS} tools, against node -e 0`,
  options: {},
  optionsHelp: [],
  prepare: () => measureStartup,
};

async function measureStartup(context: SuiteContext): Promise<SuiteOutcome> {
  const { rounds, signal, note } = context;
  await using directory = await temporaryDirectory();
  note(`${TOOLS} tools: making the catalogue`);
  const { directory: data } = await seedCatalogue(join(directory.path, 'catalogue'), TOOLS, signal);
  await settle(directory.path, signal);
  const startup = new Startup(directory.path, data, signal);
  const measured: StartupRound[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    note(round === 0 ? 'startup: once to warm up' : `startup: round ${round} of ${rounds}`);
    const times = await startup.measureRound();
    if (round > 0) measured.push(times);
  }
  return {
    text: renderStartup(measured),
    result: { tools: TOOLS, rounds: measured, aims: judged(aimsOf(measured)) },
    problems: startup.problems,
  };
}

class Startup {
  readonly problems: string[] = [];
  readonly #directory: string;
  readonly #data: string;
  readonly #signal: AbortSignal;

  constructor(directory: string, data: string, signal: AbortSignal) {
    this.#directory = directory;
    this.#data = data;
    this.#signal = signal;
  }

  async measureRound(): Promise<StartupRound> {
    const times = { bareNode: Array<number>(), help: Array<number>(), top: Array<number>() };
    const timed = async (of: number[], args: readonly string[]): Promise<string> => {
      const { milliseconds, stdout } = await this.#run(args);
      of.push(milliseconds);
      return stdout;
    };
    for (let run = 1; run <= RUNS_A_ROUND; run += 1) {
      await inTurns(run, [
        async () => void (await timed(times.bareNode, ['-e', '0'])),
        async () => this.#checkHelp(await timed(times.help, [builtGts(), '--help'])),
        async () => this.#checkTop(await timed(times.top, [builtGts(), 'top', '--json', '--limit', String(LISTED)])),
      ]);
    }
    return {
      bareNode: spreadOf(times.bareNode).median,
      help: spreadOf(times.help).median,
      top: spreadOf(times.top).median,
    };
  }

  #run(args: readonly string[]): Promise<RunOutcome> {
    const env = plainEnvironment({ home: this.#directory, temporary: this.#directory });
    return runTimed(
      {
        file: process.execPath,
        args,
        env: { ...env, GTS_DATA_DIR: this.#data },
        workingDirectory: this.#directory,
      },
      this.#signal,
    );
  }

  #checkHelp(text: string): void {
    if (!text.includes('Usage: gts')) this.problems.push('gts --help does not say how gts is used.');
  }

  #checkTop(text: string): void {
    const { tools } = TopDocument.parse(JSON.parse(text));
    if (tools.length !== LISTED) this.problems.push(`gts top lists ${tools.length} tools, not ${LISTED}.`);
  }
}

function aimsOf(rounds: readonly StartupRound[]): Aim[] {
  const bareNode = rounds.map((round) => round.bareNode);
  const times = (what: string, of: 'help' | 'top', aim: number): Aim =>
    aimOver(
      { what: `${what} / node -e 0`, unit: '', bound: 'at most', aim },
      pairedRatios(
        rounds.map((round) => round[of]),
        bareNode,
      ),
    );
  return [times('gts --help', 'help', HELP_TIMES), times(`gts top, ${TOOLS} tools`, 'top', TOP_TIMES)];
}

function renderStartup(rounds: readonly StartupRound[]): string {
  const row = (name: string, of: keyof StartupRound): string[] => {
    const { median, min, max } = spreadOf(rounds.map((round) => round[of]));
    return [name, `${median.toFixed(0)} ms`, `${min.toFixed(0)}–${max.toFixed(0)} ms`];
  };
  return [
    renderTable(
      ['', 'median', 'min–max'],
      [row('node -e 0', 'bareNode'), row('gts --help', 'help'), row('gts top', 'top')],
    ),
    renderTable(['aims', 'measured', 'aim', ''], aimsOf(rounds).map(aimCells)),
  ].join('\n\n');
}
