import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { temporaryDirectory } from '@scanner/testing';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** How a command ended, and all it has written. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that may still be at work. */
export interface RunningGts {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** What it has written to stderr until now. */
  stderrSoFar(): string;
  readonly ended: Promise<Ended>;
}

/** Variables of the environment; what is undefined is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Somebody with a home, a cache, a temporary and a working directory of their own, who runs the built `gts`. */
export interface GtsUser extends AsyncDisposable {
  readonly home: string;
  /** `XDG_CACHE_HOME`. */
  readonly cache: string;
  /** `TMPDIR`. */
  readonly temporary: string;
  /** Where commands are run. */
  readonly workingDirectory: string;
  /** `./security`: where host commands keep things unless told. */
  readonly directory: string;
  /** Runs a command to its end. */
  gts(args: readonly string[], environment?: Environment): Promise<Ended>;
  /** Starts a command. */
  start(args: readonly string[], environment?: Environment): RunningGts;
}

export interface UserOptions {
  /** Whether the permissions of files bind this user too, although it is root. */
  readonly bound?: boolean;
}

const BOUND = ['/usr/bin/setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'];

/**
 * Makes a user whose commands see this environment and nothing else of the test's: an empty `PATH`, no Docker host, no
 * Trivy. Disposing removes all that they have written.
 */
export const gtsUser = async (environment: Environment = {}, { bound = false }: UserOptions = {}): Promise<GtsUser> => {
  const root = await temporaryDirectory();
  const make = (name: string): Promise<string> => directoryIn(root.path, name);
  const home = await make('home');
  const cache = await make('cache');
  const temporary = await make('tmp');
  const workingDirectory = await make('work');
  const own = { PATH: await make('bin'), HOME: home, XDG_CACHE_HOME: cache, TMPDIR: temporary, LC_ALL: 'C.UTF-8' };
  const start: GtsUser['start'] = (args, more = {}) =>
    startGts(bound ? BOUND : [], args, { cwd: workingDirectory, env: { ...own, ...environment, ...more } });
  return {
    home,
    cache,
    temporary,
    workingDirectory,
    directory: join(workingDirectory, 'security'),
    start,
    gts: (args, more) => start(args, more).ended,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
};

const directoryIn = async (parent: string, name: string): Promise<string> => {
  const path = join(parent, name);
  await mkdir(path);
  return path;
};

const startGts = (
  launcher: readonly string[],
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
): RunningGts => {
  const [program = process.execPath, ...words] = [...launcher, process.execPath, MAIN, ...args];
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
