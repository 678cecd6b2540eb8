import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts';

/** How a command ended, and all it has written. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that may still be at work. */
export interface RunningProgram {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What it has written to stderr until now. */
  stderrSoFar(): string;
  readonly ended: Promise<Ended>;
}

/** Variables of the environment; what is undefined is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Somebody with a home, a cache, a temporary and a working directory of their own, who runs a built program. */
export interface ProgramUser extends AsyncDisposable {
  readonly home: string;
  /** `XDG_CACHE_HOME`. */
  readonly cache: string;
  /** `TMPDIR`. */
  readonly temporary: string;
  /** Where commands are run. */
  readonly workingDirectory: string;
  /** `./security`: where host commands keep things unless told. */
  readonly directory: string;
  /** Runs the program to its end. */
  run(args: readonly string[], environment?: Environment): Promise<Ended>;
  /** Starts the program. */
  start(args: readonly string[], environment?: Environment): RunningProgram;
}

export interface UserOptions {
  /** Words in front of the command, such as those of a tracer. */
  readonly launcher?: readonly string[];
  /** Whether the permissions of files bind this user too, although it is root. */
  readonly bound?: boolean;
  /** An empty directory for all that is written, which stays; one of its own, which goes with the user, unless told. */
  readonly root?: string;
}

const BOUND = ['/usr/bin/setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'];

/**
 * Makes a user who runs `main` with this environment and nothing else of the test's: an empty `PATH`, no Docker host, no
 * Trivy. Disposing removes all that was written.
 */
export const programUser = async (
  main: string,
  environment: Environment = {},
  { bound = false, launcher = [], root: given }: UserOptions = {},
): Promise<ProgramUser> => {
  const root = given === undefined ? await temporaryDirectory() : lasting(given);
  const make = (name: string): Promise<string> => directoryIn(root.path, name);
  const home = await make('home');
  const cache = await make('cache');
  const temporary = await make('tmp');
  const workingDirectory = await make('work');
  const own = { PATH: await make('bin'), HOME: home, XDG_CACHE_HOME: cache, TMPDIR: temporary, LC_ALL: 'C.UTF-8' };
  const start: ProgramUser['start'] = (args, more = {}) =>
    startProgram([...launcher, ...(bound ? BOUND : []), process.execPath, main], args, {
      cwd: workingDirectory,
      env: { ...own, ...environment, ...more },
    });
  return {
    home,
    cache,
    temporary,
    workingDirectory,
    directory: join(workingDirectory, 'security'),
    start,
    run: (args, more) => start(args, more).ended,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
};

const lasting = (path: string): TemporaryDirectory => ({ path, [Symbol.asyncDispose]: async () => {} });

const directoryIn = async (parent: string, name: string): Promise<string> => {
  const path = join(parent, name);
  await mkdir(path);
  return path;
};

const startProgram = (
  launcher: readonly string[],
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): RunningProgram => {
  const [program = process.execPath, ...words] = [...launcher, ...args];
  const child = spawn(program, words, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, stdout: stdout(), stderr: stderr() }));
  });
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), stderrSoFar: stderr, ended };
};

/** Collects a stream and gives what has come of it. */
const textOf = (stream: Readable): (() => string) => {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
};
