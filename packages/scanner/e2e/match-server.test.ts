import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { silentLog } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import { realTrivy, waitUntil } from '@scanner/testing';
import { expect, onTestFinished, test } from 'vitest';

import { freePort } from '../src/trivy/free-port.ts';
import { MatchServer } from '../src/trivy/match-server.ts';
import { READING } from '../src/trivy/cache-use.ts';
import { RespServer } from '../src/trivy/resp-server.ts';
import { readProcessStat } from '../src/trivy/process-group.ts';
import { runProcess } from '../src/trivy/run-process.ts';
import { layDatabase, madeDirectory } from './trivy-workbench.ts';

const BLOB = `sha256:${'a'.repeat(64)}`;
const OPTIONS = { packageTypes: ['os'], severitySources: [], ignoredStatuses: new Set<string>() };

interface Bench {
  readonly server: MatchServer;
  /** Settles when it has started. */
  readonly group: Promise<number>;
  match(limitMs?: number): Promise<unknown>;
}

/** Trivy's server on the small database, and a scan cache with one analysis in it. */
const openBench = async (port: number): Promise<Bench> => {
  const { path: directory } = await madeDirectory();
  await layDatabase(directory, false);
  await mkdir(`${directory}/modules`);
  const cache = new InMemoryBlobCache();
  const analysis = { SchemaVersion: 2, DiffID: BLOB, OS: { Family: 'alpine', Name: '3.20.3' } };
  cache.set(`fanal::blob::${BLOB}`, Buffer.from(JSON.stringify(analysis)));
  const scanCache = await RespServer.listen(cache, silentLog);
  onTestFinished(() => scanCache[Symbol.asyncDispose]());
  const trivy = await realTrivy();
  const started = Promise.withResolvers<number>();
  const server = new MatchServer({
    port,
    access: scanCache.openAccess({ use: READING }),
    cacheDirectory: directory,
    moduleDirectory: `${directory}/modules`,
    run: (args, environment, signal, onStart) =>
      runProcess({
        ...{ file: trivy, args, cwd: directory, deadlineMs: 120_000, graceMs: 0, signal },
        environment: { ...environment, PATH: '', HOME: directory, TMPDIR: directory },
        onGroup: (group, alive) => {
          if (alive) onStart(group);
          started.resolve(group);
        },
      }),
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return {
    server,
    group: started.promise,
    match: (limitMs = 60_000) => server.match([BLOB], OPTIONS, AbortSignal.timeout(limitMs)),
  };
};

/** Takes a port as soon as it is free, and answers every match with "nothing found". */
const squat = async (port: number): Promise<{ readonly heard: string[] }> => {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers));
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ os: { family: 'alpine', name: '3.20.3' }, results: [] }));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  for (;;) {
    const listening = Promise.withResolvers<boolean>();
    server.once('error', () => listening.resolve(false));
    server.listen(port, '127.0.0.1', () => listening.resolve(true));
    if (await listening.promise) return { heard };
    await sleep(2);
  }
};

test("who takes the port of Trivy's server once it has ended is neither believed nor told the token", async () => {
  const port = await freePort();
  const bench = await openBench(port);
  expect(await bench.match()).toBeDefined();
  process.kill(-(await bench.group), 'SIGKILL');
  const [squatter, ...matches] = await Promise.allSettled([
    squat(port),
    ...Array.from({ length: 200 }, async (_, index) => {
      await sleep(index);
      return bench.match();
    }),
  ]);

  expect(matches.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect(squatter).toMatchObject({ status: 'fulfilled', value: { heard: [] } });
});

test("who has the port before Trivy's server is told nothing", async () => {
  const port = await freePort();
  const squatter = await squat(port);
  const bench = await openBench(port);

  await expect(bench.match()).rejects.toThrow(/Trivy's server has ended/);
  expect(squatter.heard).toEqual([]);
});

test('a match ends in its time when the server is stopped, and works again once it goes on', async () => {
  const bench = await openBench(await freePort());
  await bench.match();
  const group = await bench.group;
  process.kill(-group, 'SIGSTOP');
  await waitUntil(() => readProcessStat(group)?.state === 'T' || undefined, { what: 'its stop', timeoutMs: 5000 });
  await sleep(100);
  onTestFinished(() => void process.kill(-group, 'SIGCONT'));
  await expect(bench.match(500)).rejects.toThrow(/aborted/);
  process.kill(-group, 'SIGCONT');

  expect(await bench.match()).toBeDefined();
});
