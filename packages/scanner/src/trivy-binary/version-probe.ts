import { lstat, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ScannerError } from '@scanner/core';
import { z } from 'zod';

import { isGone } from './gone-process.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

/** The name goes on with the process ID of who asks. */
const DIRECTORY_PREFIX = 'gts-trivy-version-';
const DEADLINE_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

const VersionAnswer = z.object({ Version: z.string().regex(/^[\w.+~\-]{1,60}$/v) });

export interface ProbeOptions {
  /** How long it may take; 20 s unless told otherwise. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a program for Trivy's version, in an empty directory and with an empty environment, so that no
 * configuration that lies about has a say.
 *
 * @throws ScannerError `trivy_broken` when it does not answer as Trivy does, `trivy_not_executable` when the system forbids it
 */
export const probeVersion = async (path: string, options: ProbeOptions = {}): Promise<string> => {
  await removeLeftDirectories();
  const directory = await mkdtemp(join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
  try {
    return readAnswer(path, await run(path, directory, options));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/**
 * A process that was killed while it asked has learned nothing, so the next one asks too and comes by here. Others may
 * write to this place: only what is ours and empty goes.
 */
const removeLeftDirectories = async (): Promise<void> => {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((found) => found.startsWith(DIRECTORY_PREFIX))) {
    const path = join(tmpdir(), name);
    const asker = Number.parseInt(name.slice(DIRECTORY_PREFIX.length), 10);
    const isOurs = (await lstat(path).catch(() => null))?.uid === process.geteuid?.();
    if (isOurs && isGone(asker)) await rmdir(path).catch(() => {});
  }
};

const run = async (path: string, directory: string, { deadlineMs, signal }: ProbeOptions): Promise<ProgramEnd> => {
  const args = ['--version', '--format', 'json', '--config', '/dev/null', '--cache-dir', directory];
  try {
    return await runProgram(path, args, {
      cwd: directory,
      env: {},
      deadlineMs: deadlineMs ?? DEADLINE_MS,
      maxStdoutBytes: MAX_OUTPUT_BYTES,
      signal,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const forbidden = cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
    throw new ScannerError(`${path} cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: forbidden ? 'trivy_not_executable' : 'trivy_broken',
      hint: forbidden ? 'it may lie on a file system mounted noexec; move it' : 'get a new one: gts trivy install',
      cause,
    });
  }
};

const readAnswer = (path: string, end: ProgramEnd): string => {
  const trouble = describeTrouble(end);
  if (trouble !== null) throw broken(`${path} is no working Trivy: asked for its version, it ${trouble}`);
  try {
    return VersionAnswer.parse(JSON.parse(end.stdout)).Version;
  } catch (cause) {
    throw broken(`${path} is no Trivy: asked for its version, it printed something else`, cause);
  }
};

const describeTrouble = ({ stopped, signal, exitCode }: ProgramEnd): string | null => {
  if (stopped === 'deadline') return 'did not answer in time';
  if (stopped === 'output') return 'printed without end';
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === 0 ? null : `ended with exit code ${exitCode}`;
};

const broken = (message: string, cause?: unknown): ScannerError =>
  new ScannerError(message, {
    code: 'trivy_broken',
    hint: 'name the program itself rather than a wrapper of it, or get a new one: gts trivy install',
    cause,
  });
