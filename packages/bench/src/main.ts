import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

import { catalogueSuite } from './catalogue/catalogue-suite.ts';
import { fleetSuite } from './fleet/fleet-suite.ts';
import { hostSuite } from './host/host-suite.ts';
import { largeSuite } from './hosts-large/large-suite.ts';
import { describeMachine } from './machine.ts';
import { noticesSuite } from './notices/notices-suite.ts';
import { reportsSuite } from './reports/reports-suite.ts';
import { scansSuite } from './scans/scans-suite.ts';
import { startupSuite } from './startup/startup-suite.ts';
import { UsageError } from './suite.ts';
import type { Suite, SuiteContext, SuiteOptions, SuiteOutcome } from './suite.ts';

const SUITES: readonly Suite[] = [
  hostSuite,
  fleetSuite,
  largeSuite,
  scansSuite,
  reportsSuite,
  startupSuite,
  catalogueSuite,
  noticesSuite,
];
const DEFAULT_ROUNDS = 3;
const MAX_ROUNDS = 100;
const EXIT = { measured: 0, failed: 1, usage: 2 } as const;
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const COMMON_OPTIONS = {
  rounds: { type: 'string' },
  json: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

const ALL = 'all';

interface Request {
  /** Measured one after the other. */
  readonly suites: readonly PreparedSuite[];
  readonly rounds: number;
  /** File for the machine-readable result. */
  readonly json: string | undefined;
}

interface PreparedSuite {
  readonly name: string;
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
  const suites = name === ALL ? SUITES : SUITES.filter((known) => known.name === name);
  const [only] = suites;
  if (only === undefined) throw new UsageError(unknownSuite(name));
  const values = readOptions(rest, { ...(suites.length === 1 && only.options), ...COMMON_OPTIONS });
  return {
    suites: suites.map((suite) => ({ name: suite.name, measure: suite.prepare(values) })),
    rounds: readRounds(values['rounds']),
    json: typeof values['json'] === 'string' ? values['json'] : undefined,
  };
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

async function carryOut({ suites, rounds, json }: Request): Promise<number> {
  using stop = stopOnSignals();
  const documents: SuiteDocument[] = [];
  try {
    for (const suite of suites) {
      documents.push(await measureSuite(suite, { rounds, signal: stop.signal, note: say }));
      if (json !== undefined) await writeResult(json, suites.length === 1 ? documents[0] : { suites: documents });
    }
    return documents.every(({ problems }) => problems.length === 0) ? EXIT.measured : EXIT.failed;
  } catch (error) {
    if (stop.exitCode !== undefined) {
      say('Stopped; nothing that was started is left.');
      return stop.exitCode;
    }
    say(`The measurement failed: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  }
}

/** What goes to the file: the suite's own result beside what every suite has. */
interface SuiteDocument extends Readonly<Record<string, unknown>> {
  readonly suite: string;
  readonly problems: readonly string[];
}

async function measureSuite({ name, measure }: PreparedSuite, context: SuiteContext): Promise<SuiteDocument> {
  const startedAt = new Date();
  const { text, result, problems } = await measure(context);
  process.stdout.write(`${text}\n\n`);
  for (const problem of problems) say(problem);
  const { rounds } = context;
  return { suite: name, startedAt, finishedAt: new Date(), machine: describeMachine(), rounds, ...result, problems };
}

/** After each suite, so that what is measured is kept when a later one fails. */
async function writeResult(file: string, document: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
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
    `  ${ALL.padEnd(width)}  all of them, one after the other`,
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
