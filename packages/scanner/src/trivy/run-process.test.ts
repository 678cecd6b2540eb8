import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { readProcessStat } from './process-group.ts';
import { runProcess } from './run-process.ts';
import type { ProcessRequest } from './run-process.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-process-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

const shell = (script: string, given: Partial<ProcessRequest> = {}): ProcessRequest => ({
  file: '/bin/sh',
  args: ['-c', script],
  cwd: directory,
  environment: { PATH: '/usr/bin:/bin' },
  deadlineMs: 20_000,
  graceMs: 100,
  ...given,
});

/** What is dead but not yet taken note of by its parent runs no more. */
const isAlive = (pid: number): boolean => !'ZX'.includes(readProcessStat(pid)?.state ?? 'X');

const startedAs = async (file: string): Promise<number> => {
  while (!existsSync(file) || (await readFile(file, 'utf8')).trim() === '')
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  return Number(await readFile(file, 'utf8'));
};

/** Ignores SIGTERM, and so does the child it waits for. */
const STUBBORN = `trap '' TERM
sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 1; done' &
while :; do sleep 1; done`;

describe('runProcess', () => {
  test('tells how a program ended and what it said', async () => {
    expect(await runProcess(shell('echo no >&2; exit 7'))).toEqual({
      exitCode: 7,
      signal: null,
      stopped: null,
      stderr: 'no\n',
      startError: null,
    });
  });

  test('gives it the environment it was told, and nothing of ours', async () => {
    const { stderr } = await runProcess(shell('env >&2', { environment: { PATH: '/usr/bin:/bin', ONLY: 'this' } }));
    expect(stderr).toContain('ONLY=this');
    expect(stderr).not.toMatch(/^HOME=/m);
  });

  test('does not count, for the deadline, what a program waited for others', async () => {
    let waitedMs = 0;
    const startedAt = performance.now();
    setTimeout(() => (waitedMs = 400), 100);
    const end = await runProcess(shell('sleep 30', { deadlineMs: 300, graceMs: 50, waitedMs: () => waitedMs }));
    expect(end.stopped).toBe('deadline');
    expect(performance.now() - startedAt).toBeGreaterThan(690);
  });

  test('kills the whole group at the deadline, whatever it ignores', async () => {
    const end = await runProcess(shell(STUBBORN, { deadlineMs: 500 }));
    expect(end).toMatchObject({ stopped: 'deadline', signal: 'SIGKILL' });
    expect(isAlive(Number(await readFile(join(directory, 'grandchild'), 'utf8')))).toBe(false);
  });

  test('kills the whole group on an abort', async () => {
    const abort = new AbortController();
    const running = runProcess(shell(STUBBORN, { signal: abort.signal }));
    const grandchild = await startedAs(join(directory, 'grandchild'));
    abort.abort();
    expect(await running).toMatchObject({ stopped: 'aborted' });
    expect(isAlive(grandchild)).toBe(false);
  });

  test('leaves nothing behind of a program that ended by itself', async () => {
    const script = `sh -c 'echo $$ > grandchild; while :; do sleep 1; done' & while [ ! -s grandchild ]; do sleep 0.01; done; exit 0`;
    expect(await runProcess(shell(script))).toMatchObject({ exitCode: 0, stopped: null });
    expect(isAlive(Number(await readFile(join(directory, 'grandchild'), 'utf8')))).toBe(false);
  });

  test('keeps the first and the last words of a flood', async () => {
    const script = `echo first >&2; head -c 20000000 /dev/zero | tr '\\0' x >&2; echo last >&2; exit 1`;
    const { stderr } = await runProcess(shell(script));
    expect(stderr.startsWith('first\n')).toBe(true);
    expect(stderr.endsWith('last\n')).toBe(true);
    expect(stderr.length).toBeLessThan(1_000_000);
  });

  test('ends a program that leaves more than it may', async () => {
    const end = await runProcess(shell('while :; do sleep 1; done', { isOverLimit: () => true }));
    expect(end.stopped).toBe('output_limit');
  });

  test('does not start at all when aborted before', async () => {
    const end = await runProcess(shell('touch started', { signal: AbortSignal.abort() }));
    expect(end.stopped).toBe('aborted');
    expect(existsSync(join(directory, 'started'))).toBe(false);
  });

  test('tells why a program could not be started', async () => {
    const missing = await runProcess(shell('', { file: join(directory, 'none') }));
    expect(missing).toMatchObject({ startError: 'ENOENT', exitCode: null });
    await writeFile(join(directory, 'text'), 'no program', { mode: 0o600 });
    expect(await runProcess(shell('', { file: join(directory, 'text') }))).toMatchObject({ startError: 'EACCES' });
  });
});
