import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

import { catalogueSuite } from './catalogue/catalogue-suite.ts';
import { fleetSuite } from './fleet/fleet-suite.ts';
import { hostSuite } from './host/host-suite.ts';
import { describeMachine } from './machine.ts';
import { noticesSuite } from './notices/notices-suite.ts';
import { scansSuite } from './scans/scans-suite.ts';
import { startupSuite } from './startup/startup-suite.ts';
import { UsageError } from './suite.ts';
import type { Suite, SuiteContext, SuiteOptions, SuiteOutcome } from './suite.ts';

const SUITES: readonly Suite[] = [hostSuite, fleetSuite, scansSuite, startupSuite, catalogueSuite, noticesSuite];
const DEFAULT_ROUNDS = 3;
const MAX_ROUNDS = 100;
const EXIT = { measured: 0, failed: 1, usage: 2 } as const;
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const COMMON_OPTIONS = {
  rounds: { type: 'string' },
  json: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

interface Request {
  readonly suite: Suite;
  readonly rounds: number;
  /** File for the machine-readable result. */
  readonly json: string | undefined;
  readonly measure: (context: SuiteContext) => Promise<SuiteOutcome>;
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const request = readRequest(argv);
    if (request !== 'help') return await carryOut(request);
    process.stdout.write(help());
    return EXIT.measured;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}\n\n${help()}`);
    return EXIT.usage;
  }
}

function readRequest(argv: readonly string[]): Request | 'help' {
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const [name, ...rest] = argv;
  const suite = SUITES.find((known) => known.name === name);
  if (suite === undefined) throw new UsageError(unknownSuite(name));
  const values = readOptions(rest, { ...suite.options, ...COMMON_OPTIONS });
  const json = typeof values['json'] === 'string' ? values['json'] : undefined;
  return { suite, rounds: readRounds(values['rounds']), json, measure: suite.prepare(values) };
}

function readOptions(args: string[], options: ParseArgsOptionsConfig): SuiteOptions {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function unknownSuite(name: string | undefined): string {
  if (name === undefined || name.startsWith('-')) return 'Which suite shall be measured? Its name comes first.';
  return `There is no suite ${JSON.stringify(name)}.`;
}

function readRounds(given: unknown): number {
  if (given === undefined) return DEFAULT_ROUNDS;
  const rounds = Number(given);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= MAX_ROUNDS) return rounds;
  throw new UsageError(`--rounds takes a whole number from 1 to ${MAX_ROUNDS}, not ${JSON.stringify(given)}.`);
}

async function carryOut({ suite, rounds, json, measure }: Request): Promise<number> {
  const startedAt = new Date();
  using stop = stopOnSignals();
  try {
    const { text, result, problems } = await measure({ rounds, signal: stop.signal, note: say });
    process.stdout.write(`${text}\n`);
    const document = { suite: suite.name, startedAt, machine: describeMachine(), rounds, ...result, problems };
    if (json !== undefined) await writeFile(json, `${JSON.stringify(document, null, 2)}\n`);
    for (const problem of problems) say(problem);
    return problems.length === 0 ? EXIT.measured : EXIT.failed;
  } catch (error) {
    if (stop.exitCode !== undefined) {
      say('Stopped; nothing that was started is left.');
      return stop.exitCode;
    }
    say(`The measurement failed: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  }
}

function stopOnSignals(): Disposable & { readonly signal: AbortSignal; readonly exitCode: number | undefined } {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const subscriptions = Object.entries(STOP_SIGNALS).map(([name, code]) => {
    const stop = (): void => {
      exitCode ??= code;
      controller.abort();
    };
    process.on(name, stop);
    return () => process.off(name, stop);
  });
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    [Symbol.dispose]: () => subscriptions.forEach((unsubscribe) => unsubscribe()),
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function help(): string {
  const width = Math.max(...SUITES.map(({ name }) => name.length));
  const suites = SUITES.flatMap(({ name, summary, optionsHelp }) => [
    `  ${name.padEnd(width)}  ${summary}`,
    ...optionsHelp.map((line) => `${' '.repeat(width + 6)}${line}`),
  ]);
  return [
    'Usage: npm run bench -- <suite> [options]',
    '',
    'Suites:',
    ...suites,
    '',
    'Options:',
    `  --rounds <n>   how often everything is measured (default ${DEFAULT_ROUNDS}; 5 or more for figures to be published)`,
    '  --json <file>  write the result with every sample to a file',
    '  -h, --help     show this',
    '',
    'Exit codes: 0 measured, 1 results differ or the measurement failed, 2 wrong usage.',
    '',
  ].join('\n');
}
