import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** A program to be run and measured. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** How it may end; with 0 only unless told. */
  readonly exitCodes?: readonly number[];
  /** Takes what it writes to stdout, which is not in the outcome then: it may be more than a string holds. */
  readonly stdoutFile?: string;
}

export interface RunOutcome {
  readonly milliseconds: number;
  readonly stdout: string;
}

const GRACE_MS = 10_000;
const TOLD_CHARACTERS = 2_000;

/**
 * Runs a program to its end and says how long it took. It leads a process group of its own, which an abort ends, and it
 * is asked to end when this process is gone.
 *
 * Throws when it cannot be started or does not end with an exit code that it may end with; rejects with the signal's reason on abort.
 */
export async function runTimed(command: Command, signal: AbortSignal): Promise<RunOutcome> {
  signal.throwIfAborted();
  await using stdoutFile = command.stdoutFile === undefined ? null : await open(command.stdoutFile, 'w');
  const startedAt = performance.now();
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', command.file, ...command.args], {
    cwd: command.workingDirectory,
    env: command.env,
    stdio: ['ignore', stdoutFile?.fd ?? 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<{ code: number | null; milliseconds: number }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, milliseconds: performance.now() - startedAt }));
  });
  using _ending = endOnAbort(child.pid, signal);
  const [{ code, milliseconds }, stdout, stderr] = await Promise.all([
    ended,
    textOf(child.stdout),
    textOf(child.stderr),
  ]);
  signal.throwIfAborted();
  if (code === null || !(command.exitCodes ?? [0]).includes(code)) {
    const told = stderr.trimEnd().slice(-TOLD_CHARACTERS);
    throw new Error(`${command.file} ended with exit code ${code ?? 'none'}: ${told}`);
  }
  return { milliseconds, stdout };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}

function endOnAbort(pid: number | undefined, signal: AbortSignal): Disposable {
  let insisting: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(pid, 'SIGTERM');
    insisting = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', end);
      clearTimeout(insisting);
    },
  };
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}
