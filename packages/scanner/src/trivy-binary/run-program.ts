import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

const STDERR_TAIL_BYTES = 16 * 1024;
const LEFT_OPEN_MS = 1000;

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly maxStdoutBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Whatever comes on stderr, as it comes. */
  readonly onStderr?: ((text: string) => void) | undefined;
}

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was killed, when it was. */
  readonly stopped: 'deadline' | 'output' | null;
  readonly stdout: string;
  /** The last 16 KiB. */
  readonly stderr: string;
}

/**
 * Runs a program in a process group of its own, without a shell and without input. The group is gone when this settles.
 * Rejects with the system's error when it cannot be started, and with the signal's reason on abort.
 */
export const runProgram = async (
  path: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramEnd> => {
  options.signal?.throwIfAborted();
  const child = spawn(path, args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stopped: ProgramEnd['stopped'] = null;
  const stop = (why: ProgramEnd['stopped']): void => {
    stopped ??= why;
    killGroup(child);
  };
  const stdout = keepHead(child.stdout, options.maxStdoutBytes, () => stop('output'));
  const stderr = keepTail(child.stderr, options.onStderr);
  const deadline = setTimeout(() => stop('deadline'), options.deadlineMs);
  const onAbort = (): void => killGroup(child);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const { exitCode, signal } = await waitForEnd(child);
    options.signal?.throwIfAborted();
    return { exitCode, signal, stopped, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(deadline);
    options.signal?.removeEventListener('abort', onAbort);
  }
};

/** What the program leaves running would hold its pipes open, so it goes too. */
const waitForEnd = (child: ChildProcess): Promise<Pick<ProgramEnd, 'exitCode' | 'signal'>> =>
  new Promise((resolve, reject) => {
    let leftOpen: NodeJS.Timeout | undefined;
    child.once('error', reject);
    child.once('exit', () => {
      killGroup(child);
      leftOpen = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LEFT_OPEN_MS);
    });
    child.once('close', (exitCode, signal) => {
      clearTimeout(leftOpen);
      resolve({ exitCode, signal });
    });
  });

const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
};

const keepHead = (stream: Readable, limit: number, onExceeded: () => void): (() => string) => {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) onExceeded();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
};

const keepTail = (stream: Readable, onText: ((text: string) => void) | undefined): (() => string) => {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_BYTES);
    onText?.(text);
  });
  return () => tail;
};
