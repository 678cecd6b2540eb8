import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { sweepSessions } from '../src/index.ts';
import { listProcessIds, readProcessStat } from '../src/trivy/process-group.ts';
import { locksByProcess } from './lock-by-process.ts';
import { madeDirectory, openWorkbench } from './trivy-workbench.ts';

/** A registry that is asked and never answers. */
const stalledRegistry = async (): Promise<{ host: string; asked: Promise<unknown> }> => {
  const server = createServer((request, response) => {
    if (request.url === '/v2/') response.writeHead(200).end('{}');
    else server.emit('asked');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { host: `127.0.0.1:${port}`, asked: once(server, 'asked') };
};

/** Processes, other than the one that owns it, that were started for a session below the directory. */
const processesIn = async (directory: string): Promise<number[]> => {
  const found: number[] = [];
  for (const pid of listProcessIds()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const state = readProcessStat(pid)?.state ?? 'X';
    if (environment.includes(`TMPDIR=${directory}/`) && !'ZX'.includes(state)) found.push(pid);
  }
  return found;
};

test('what a killed owner left behind is ended and removed at the next start', async () => {
  const { path: directory } = await madeDirectory();
  const work = join(directory, 'work');
  const registry = await stalledRegistry();
  const owner = execa(
    process.execPath,
    [
      '--conditions=@scanner/source',
      fileURLToPath(new URL('session-owner.ts', import.meta.url)),
      directory,
      `${registry.host}/shop/app:1`,
    ],
    { reject: false },
  );
  onTestFinished(() => void owner.kill('SIGKILL'));
  await registry.asked;
  expect(await sweepSessions(work, locksByProcess)).toEqual({ sessions: 0, processes: 0 });
  expect(await processesIn(work)).toHaveLength(1);

  owner.kill('SIGKILL');
  await owner;
  expect(await processesIn(work)).toHaveLength(1);
  expect(await sweepSessions(work, locksByProcess)).toEqual({ sessions: 1, processes: 1 });
  expect(await processesIn(work)).toEqual([]);
  expect(await readdir(work)).toEqual([]);
});

test('a session in use is left alone, and so is one that is just being made', async () => {
  const { workDirectory } = await openWorkbench({ locks: locksByProcess });
  const used = await readdir(workDirectory);
  const [young, old] = [join(workDirectory, 'session-young'), join(workDirectory, 'session-old')];
  await mkdir(young);
  await mkdir(old);
  await utimes(old, new Date(0), new Date(0));
  const others = { ...locksByProcess, tryAcquire: () => ({ heldBy: 'its owner' }) };
  expect(await sweepSessions(workDirectory, others)).toEqual({ sessions: 1, processes: 0 });
  expect(new Set(await readdir(workDirectory))).toEqual(new Set([...used, 'session-young']));
});

test('there is nothing to sweep where nobody has worked yet', async () => {
  const { path } = await madeDirectory();
  expect(await sweepSessions(join(path, 'none'), locksByProcess)).toEqual({ sessions: 0, processes: 0 });
  expect(await readdir(path)).toEqual([]);
});
