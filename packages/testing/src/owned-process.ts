import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';

import { waitUntil } from './wait-until.ts';

/** How a server of the test bed is to be run. */
export interface OwnedProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** File that receives both output streams. */
  readonly logFile: string;
  /**
   * Run it in process and mount namespaces of its own (root only): with it end all processes it started, however far
   * they have detached themselves, and all mounts it made.
   */
  readonly isolated: boolean;
}

/** A server that belongs to the process that started it, and does not outlive it, not even when that one is killed. */
export interface OwnedProcess {
  /** The server's process, as this side sees it. */
  readonly pid: number;
  readonly running: boolean;
  /** Sends a signal to the server itself. */
  kill(signal: NodeJS.Signals): void;
  /** Asks the server to end, insists after a grace time, and returns when it is gone. Harmless when repeated. */
  stop(): Promise<void>;
  /** The end of what it has written. */
  logTail(): Promise<string>;
}

const GRACE_MS = 10_000;
const LOG_TAIL_CHARACTERS = 4_000;

/** Starts a server that ends with this process. */
export async function startOwnedProcess(options: OwnedProcessOptions): Promise<OwnedProcess> {
  const child = await spawnBound(options);
  try {
    const pid = options.isolated ? await firstChildOf(child) : pidOf(child);
    return ownedProcess(child, pid, options.logFile);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${options.command} did not start:\n${await tail(options.logFile)}`, { cause: error });
  }
}

async function spawnBound(options: OwnedProcessOptions): Promise<ChildProcess> {
  const namespaces = options.isolated
    ? ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--']
    : [];
  const log = await open(options.logFile, 'a');
  try {
    return spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...namespaces, options.command, ...options.args], {
      cwd: options.workingDirectory,
      env: options.env,
      stdio: ['ignore', log.fd, log.fd],
    });
  } finally {
    await log.close();
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The process could not be started.');
  return child.pid;
}

async function firstChildOf(parent: ChildProcess): Promise<number> {
  const pid = pidOf(parent);
  return waitUntil(
    async () => {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      return children === '' ? undefined : Number.parseInt(children, 10);
    },
    { what: 'the namespaces of a server', timeoutMs: 10_000, everyMs: 5 },
  );
}

function ownedProcess(child: ChildProcess, pid: number, logFile: string): OwnedProcess {
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    if (!running()) resolve();
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (running()) signalIfAlive(pid, signal);
  };
  return {
    pid,
    get running() {
      return running();
    },
    kill,
    async stop() {
      kill('SIGCONT');
      kill('SIGTERM');
      const insist = setTimeout(() => {
        kill('SIGKILL');
        child.kill('SIGKILL');
      }, GRACE_MS);
      await ended;
      clearTimeout(insist);
    },
    logTail: () => tail(logFile),
  };
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!gone) throw error;
  }
}

async function tail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.slice(-LOG_TAIL_CHARACTERS);
}
