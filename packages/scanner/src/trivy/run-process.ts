import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { OutputTail } from './output-tail.ts';
import { endGroup, signalGroup } from './process-group.ts';

/** Why we ended a process ourselves. */
export type Stopped = 'aborted' | 'deadline' | 'output_limit';

export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  /** How much of its time does not count, as it waited for others. */
  readonly waitedMs?: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Asked every half second; true ends the process. */
  readonly isOverLimit?: () => boolean;
  /** From the first signal to the next. */
  readonly graceMs?: number;
  /** Told the process group while it lives, and null after. */
  readonly onGroup?: (group: number, alive: boolean) => void;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopped: Stopped | null;
  /** Its first and last words; the middle of a flood is dropped. */
  readonly stderr: string;
  /** The system's code when it could not be started, such as `ENOENT` or `EACCES`. */
  readonly startError: string | null;
}

/**
 * Runs a program in a process group of its own, without a shell, its output bounded.
 * Never rejects, and settles only once nothing of the group is alive.
 * A deadline or an abort ends it by SIGTERM, a second SIGTERM, then SIGKILL: Trivy takes the first as a wish.
 */
export const runProcess = async (request: ProcessRequest): Promise<ProcessEnd> => {
  if (request.signal?.aborted === true) return { ...NOT_RUN, stopped: 'aborted' };
  const started = await startProcess(request);
  if ('startError' in started) return { ...NOT_RUN, ...started };
  const { group, exited, closed, stderr } = started;
  const said = new OutputTail();
  stderr.on('data', (chunk: Buffer) => said.push(chunk));
  request.onGroup?.(group, true);
  using watch = watchProcess(request, group);
  await exited;
  await endGroup(group);
  request.onGroup?.(group, false);
  // What left the group might hold the pipe open for ever.
  const closing = setTimeout(() => stderr.destroy(), 1000);
  const end = await closed;
  clearTimeout(closing);
  return { ...end, stopped: watch.stopped(), stderr: said.text(), startError: null };
};

const NOT_RUN: ProcessEnd = { exitCode: null, signal: null, stopped: null, stderr: '', startError: null };

interface StartedProcess {
  readonly group: number;
  /** When the program itself has ended; its output may still come. */
  readonly exited: Promise<void>;
  readonly closed: Promise<Pick<ProcessEnd, 'exitCode' | 'signal'>>;
  readonly stderr: Readable;
}

const startProcess = async ({
  file,
  args,
  cwd,
  environment,
}: ProcessRequest): Promise<StartedProcess | Pick<ProcessEnd, 'startError'>> => {
  try {
    const child = spawn(file, args, {
      cwd,
      env: { ...environment },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (child.pid === undefined) {
      const [error]: unknown[] = await once(child, 'error');
      return { startError: errorCode(error) };
    }
    return {
      group: child.pid,
      exited: new Promise((resolve) => child.once('exit', () => resolve())),
      closed: new Promise((resolve) => child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))),
      stderr: child.stderr,
    };
  } catch (error) {
    return { startError: errorCode(error) };
  }
};

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

interface Watch extends Disposable {
  stopped(): Stopped | null;
}

/** Ends the group for whichever reason comes first. */
const watchProcess = (request: ProcessRequest, group: number): Watch => {
  let stopped: Stopped | null = null;
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: Stopped): void => {
    if (stopped !== null) return;
    stopped = reason;
    const graceMs = request.graceMs ?? 2000;
    signalGroup(group, 'SIGTERM');
    timers.push(setTimeout(() => signalGroup(group, 'SIGTERM'), graceMs));
    timers.push(setTimeout(() => signalGroup(group, 'SIGKILL'), 2 * graceMs));
  };
  const onAbort = (): void => stop('aborted');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const endAfter = (leftMs: number, waitedMs: number): void => {
    const timer = setTimeout(() => {
      const waitedNow = request.waitedMs?.() ?? 0;
      if (waitedNow - waitedMs < 1) stop('deadline');
      else endAfter(waitedNow - waitedMs, waitedNow);
    }, leftMs);
    timers.push(timer);
  };
  endAfter(request.deadlineMs, 0);
  timers.push(setInterval(() => request.isOverLimit?.() === true && stop('output_limit'), 500));
  return {
    stopped: () => stopped,
    [Symbol.dispose]: () => {
      request.signal?.removeEventListener('abort', onAbort);
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
