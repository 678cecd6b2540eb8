import { setTimeout as sleep } from 'node:timers/promises';

import { CatalogueScanDocument, TopDocument } from '@scanner/core';
import { processesNaming, waitUntil } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Ended, type GtsUser, gtsUser, type RunningGts } from './support/gts.ts';
import { pacedScans, type PacedScans } from './support/paced-scans.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';

import { readDocument } from './support/schemas.ts';
import { layToolsFile, manyTools, readToolsFile, scannedIn, toolsFileOf } from './support/tools-file.ts';

const TOOLS = 200;
const SCAN = ['scan', '--limit', String(TOOLS), '--concurrency', '4'];
/** Tells of every result as soon as it is saved, one JSON object a line. */
const TELLING = [...SCAN, '--json', '--verbose', '--log-format', 'json'];
const KILLS = 10;

let database: PreparedDatabase;
let paced: PacedScans;

beforeAll(async () => {
  [database, paced] = await Promise.all([prepareDatabase(), pacedScans({ seconds: 0.03 })]);
});
afterAll(async () => {
  await paced[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Somebody with a catalogue of 200 tools that nobody has scanned, and with the database at hand. */
const userWithTools = async (): Promise<GtsUser> => {
  const user = await gtsUser({
    ...database.environment,
    ...paced.environment,
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  });
  await layToolsFile(toolsFileOf(user), { tools: manyTools(TOOLS) });
  return user;
};

/** The tools that the command has reported as saved until now. */
const savedBy = (stderr: string): string[] =>
  stderr
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes('"saved":true'))
    .map((line): { tool: string } => JSON.parse(line))
    .map(({ tool }) => tool);

const untilSaved = (running: RunningGts, count: number): Promise<true> =>
  waitUntil(() => (savedBy(running.stderrSoFar()).length >= count ? true : undefined), {
    what: `${count} saved results`,
    timeoutMs: 60_000,
    everyMs: 5,
  });

const documentOf = ({ stdout }: Ended): Promise<CatalogueScanDocument> => readDocument(CatalogueScanDocument, stdout);

const scannedTools = async (user: GtsUser): Promise<string[]> => scannedIn(await readToolsFile(toolsFileOf(user)));

describe('a scan that is stopped', () => {
  it('keeps what is finished, says how to go on, and goes on with the rest only', async () => {
    await using user = await userWithTools();
    const running = user.start(TELLING);
    await untilSaved(running, 20);
    running.kill('SIGINT');
    const stopped = await running.ended;
    const { totals, tools } = await documentOf(stopped);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain(`run the same command again to continue: gts ${TELLING.join(' ')}`);
    expect(totals.scanned).toBeGreaterThanOrEqual(20);
    expect(totals).toMatchObject({ failed: 0, unsaved: 0, not_reached: TOOLS - totals.scanned });
    const scanned = tools.filter(({ status }) => status === 'scanned').map(({ id }) => id);
    expect(await scannedTools(user)).toEqual(scanned);
    expect(await processesNaming(user.cache)).toEqual([]);

    const resumed = await user.gts(TELLING);
    const rest = await documentOf(resumed);
    expect(resumed.exitCode).toBe(0);
    expect(rest.totals).toMatchObject({ scanned: TOOLS - scanned.length, skipped_fresh: scanned.length });
    expect(resumed.stderr).not.toContain('"unsaved"');
    expect(await scannedTools(user)).toHaveLength(TOOLS);
  });

  it('ends with 143 when asked by SIGTERM, before anything is ready too', async () => {
    await using user = await userWithTools();
    const running = user.start(TELLING);
    await waitUntil(() => (running.stderrSoFar() === '' ? undefined : true), {
      what: 'the first sign of life',
      timeoutMs: 30_000,
      everyMs: 2,
    });
    running.kill('SIGTERM');
    const stopped = await running.ended;
    expect(stopped.exitCode).toBe(143);
    expect((await documentOf(stopped)).totals.selected).toBe(TOOLS);
  });
});

describe('a scan that is killed', () => {
  it(`loses no saved result at any of ${KILLS} moments: tools.json is whole and has it as soon as it is told`, async () => {
    await using user = await userWithTools();
    const path = toolsFileOf(user);
    await user.gts(['scan', '--next', '1']);
    const watch = watchFile(path);
    const reported = new Set(await scannedTools(user));
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = user.start(TELLING);
      await untilSaved(running, 1 + Math.floor(Math.random() * 15));
      await sleep(Math.random() * 30);
      running.kill('SIGKILL');
      const { stderr } = await running.ended;
      expect(await scannedTools(user)).toEqual(expect.arrayContaining(savedBy(stderr)));
      for (const tool of savedBy(stderr)) {
        expect(reported).not.toContain(tool);
        reported.add(tool);
      }
      const { stdout } = await user.gts(['top', '--json', '--limit', String(TOOLS)]);
      const { tools } = await readDocument(TopDocument, stdout);
      const stored = tools.map(({ id }) => id);
      expect(stored).toEqual(expect.arrayContaining([...reported]));
      expect((await scannedTools(user)).toSorted()).toEqual(stored.toSorted());
      for (const tool of stored) reported.add(tool);
    }
    const rest = await documentOf(await user.gts(TELLING));
    expect(rest.totals).toMatchObject({ scanned: TOOLS - reported.size, skipped_fresh: reported.size, failed: 0 });
    expect(await scannedTools(user)).toHaveLength(TOOLS);
    const { looks, faults } = await watch.stop();
    expect(faults).toEqual([]);
    expect(looks).toBeGreaterThan(KILLS);
  });
});

describe('two scans at once', () => {
  it('end with the results of both', async () => {
    await using user = await userWithTools();
    const both = [user.start(TELLING), user.start([...TELLING, '--next', String(TOOLS)])];
    const ended = await Promise.all(both.map(({ ended: end }) => end));
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const saved = new Set(ended.flatMap(({ stderr }) => savedBy(stderr)));
    expect(saved.size).toBe(TOOLS);
    expect(await scannedTools(user)).toHaveLength(TOOLS);
  });
});

/** Reads a file again and again, and keeps what is wrong with it. */
const watchFile = (path: string): { stop(): Promise<{ looks: number; faults: string[] }> } => {
  const faults: string[] = [];
  let looks = 0;
  const stop = new AbortController();
  const watching = (async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const { tools } = await readToolsFile(path);
        if (tools.length !== TOOLS) faults.push(`${tools.length} tools`);
      } catch (error) {
        faults.push(String(error));
      }
      looks += 1;
      await sleep(10);
    }
  })();
  return {
    async stop() {
      stop.abort();
      await watching;
      return { looks, faults };
    },
  };
};
