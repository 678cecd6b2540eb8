import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

import { temporaryDirectory } from '../temporary-directory.ts';
import { waitUntil } from '../wait-until.ts';
import { fakeTrivy } from './fake-trivy.ts';

describe('a fake Trivy', () => {
  it('tells the version that it was given', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'hang' }, version: '0.69.4' });
    const { stdout } = await execa(trivy.path, ['version', '--format', 'json']);
    expect(JSON.parse(stdout)).toEqual({ Version: '0.69.4' });
  });

  it('hangs and ignores polite signals', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'hang' } });
    const run = execa(trivy.path, ['image', 'x'], { reject: false });
    await waitUntil(async () => (await trivy.calls()).at(0), { what: 'the call', timeoutMs: 10_000 });
    run.kill('SIGTERM');
    run.kill('SIGINT');
    run.kill('SIGKILL');
    expect((await run).signal).toBe('SIGKILL');
  });

  it('crashes like a Go program', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'crash' } });
    const { exitCode, stderr } = await execa(trivy.path, ['image', 'x'], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('goroutine 1 [running]');
  });

  it('floods a stream', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'flood', stream: 'stderr', bytes: 1_000_000 } });
    const { stderr } = await execa(trivy.path, ['image', 'x']);
    expect(stderr).toHaveLength(1_000_000);
  });

  it('writes half a report to the file it was given, and dies', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'half-report', report: '{"half":true}' } });
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'report.json');
    const { signal } = await execa(trivy.path, ['image', '--output', file, 'x'], { reject: false });
    expect(signal).toBe('SIGKILL');
    expect(await readFile(file, 'utf8')).toBe('{"half');
  });

  it('answers with given texts and remembers how it was called', async () => {
    const behaviour = { kind: 'answer', stdout: '{}', stderr: 'FATAL no', exitCode: 1 } as const;
    await using trivy = await fakeTrivy({ behaviour });
    const run = await execa(trivy.path, ['image', 'x'], { reject: false, extendEnv: false, env: { ONLY: 'this' } });
    expect(run).toMatchObject({ exitCode: 1, stdout: '{}', stderr: 'FATAL no' });
    expect(await trivy.calls()).toMatchObject([{ args: ['image', 'x'], env: { ONLY: 'this' } }]);
  });

  it('leaves a child behind, which ends when the fake is disposed', async () => {
    const trivy = await fakeTrivy({ behaviour: { kind: 'orphan', report: '{}' } });
    const run = spawn(trivy.path, ['image', 'x']);
    const outputEnd = once(run, 'close');
    await once(run, 'exit');
    const [call] = await trivy.calls();
    expect(existsSync(`/proc/${call?.orphanPid}`)).toBe(true);
    expect(run.stdout.closed).toBe(false);
    await trivy[Symbol.asyncDispose]();
    expect(await outputEnd).toEqual([0, null]);
  });
});
