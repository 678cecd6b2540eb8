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
  // Loaded when there is something to run: a pass over an unchanged host runs nothing.
  const { execa } = await import('execa');
  if (request.signal?.aborted === true)
    return { exitCode: null, signal: null, stopped: 'aborted', stderr: '', startError: null };
  const stderr = new OutputTail();
  const child = execa(request.file, request.args, {
    cwd: request.cwd,
    env: request.environment,
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
  });
  const group = child.pid;
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  if (group !== undefined) request.onGroup?.(group, true);
  using watch = watchProcess(request, group);
  if (group !== undefined) {
    await new Promise<void>((resolve) => {
      child.nodeChildProcess.once('exit', () => resolve());
    });
    await endGroup(group);
    request.onGroup?.(group, false);
  }
  // What left the group might hold the pipe open for ever.
  const closing = setTimeout(() => child.stderr.destroy(), 1000);
  const result = await child;
  clearTimeout(closing);
  return {
    exitCode: result.exitCode ?? null,
    signal: result.signal ?? null,
    stopped: watch.stopped(),
    stderr: stderr.text(),
    startError: group === undefined ? (result.code ?? 'unknown') : null,
  };
};

interface Watch extends Disposable {
  stopped(): Stopped | null;
}

/** Ends the group for whichever reason comes first. */
const watchProcess = (request: ProcessRequest, group: number | undefined): Watch => {
  let stopped: Stopped | null = null;
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: Stopped): void => {
    if (stopped !== null || group === undefined) return;
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
