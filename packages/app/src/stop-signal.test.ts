import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

const STOP_SIGNAL = new URL('stop-signal.ts', import.meta.url).href;

/** A program that takes no notice of being stopped; with a pipe, it also waits for somebody to read from that. */
const program = (pipe: string): string => `
  import { open } from 'node:fs/promises';
  import { writeSync } from 'node:fs';
  import { StopSignal } from '${STOP_SIGNAL}';
  process.once('exit', () => writeSync(1, 'cleaned up'));
  new StopSignal(process, (name) => writeSync(1, name + ' '));
  if ('${pipe}' !== '') open('${pipe}', 'w');
  setInterval(() => {}, 1000);
  setTimeout(() => writeSync(1, 'started '), 50);
`;

const start = async (pipe = ''): Promise<{ child: ChildProcessWithoutNullStreams; said: () => string }> => {
  const child = spawn(process.execPath, [
    '--conditions=@scanner/source',
    '--input-type=module',
    '--eval',
    program(pipe),
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes('started')) await once(child.stdout, 'data');
  return { child, said: () => text };
};

const pipeWithoutReader = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'gts-stop-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  return join(directory, 'pipe');
};

const stopTwice = async ({ child, said }: Awaited<ReturnType<typeof start>>): Promise<unknown[]> => {
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  while (!said().includes('SIGTERM')) await once(child.stdout, 'data');
  child.kill('SIGTERM');
  return await ended;
};

test('the second signal ends the process with the code of the first, and what an exit does is done', async () => {
  const started = await start();

  expect(await stopTwice(started)).toEqual([143, null]);
  expect(started.said()).toBe('started SIGTERM cleaned up');
});

test('the second signal ends a process that hangs in a pipe that nobody reads', async () => {
  const started = await start(pipeWithoutReader());

  expect(await stopTwice(started)).toEqual([null, 'SIGTERM']);
  expect(started.said()).toBe('started SIGTERM cleaned up');
});

test('a single signal ends it within eight seconds', async () => {
  const { child, said } = await start(pipeWithoutReader());
  const [ended, from] = [once(child, 'close'), performance.now()];
  child.kill('SIGINT');

  expect(await ended).toEqual([null, 'SIGINT']);
  expect(performance.now() - from).toBeLessThan(8000);
  expect(said()).toBe('started SIGINT cleaned up');
});
