import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorDocument, HostScanDocument } from '@scanner/core';
import {
  type Engine,
  loadStandardImages,
  processesNaming,
  realTrivy,
  startClassicEngine,
  startFaultyProxy,
  waitUntil,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser, type RunningGts } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';

import { readDocument } from './support/schemas.ts';
import { type WatchedTrivy, watchTrivy, type WatchOptions } from './support/watched-trivy.ts';

const SCAN = ['host', 'scan', '--concurrency', '2'];
/** With two scans at once: three are done and two at work. */
const IN_THE_MIDDLE = { freeScans: 3, started: 5 };

let database: PreparedDatabase;
let engine: Engine;

beforeAll(async () => {
  [database, engine] = await Promise.all([prepareDatabase(), startClassicEngine()]);
  await loadStandardImages(engine);
});
afterAll(async () => {
  await engine.stop();
  await database[Symbol.asyncDispose]();
});

/** A pass that has finished some images and cannot go on with the others. */
interface HeldPass extends AsyncDisposable {
  readonly user: GtsUser;
  readonly trivy: WatchedTrivy;
  readonly running: RunningGts;
  /** How many images were finished. */
  readonly finished: number;
}

const passInTheMiddle = async (
  args: readonly string[],
  { dockerHost }: Pick<Engine, 'dockerHost'> = engine,
  options: WatchOptions = {},
): Promise<HeldPass> => {
  const trivy = await watchTrivy({ freeScans: IN_THE_MIDDLE.freeScans, ...options });
  const user = await gtsUser({ ...database.environment, TRIVY_PATH: trivy.path, DOCKER_HOST: dockerHost });
  const running = user.start(args);
  const dispose = async (): Promise<void> => {
    running.kill('SIGKILL');
    await running.ended;
    await trivy.release();
    await user[Symbol.asyncDispose]();
    await trivy[Symbol.asyncDispose]();
  };
  try {
    const started = options.watch === 'downloads' ? 1 : IN_THE_MIDDLE.started;
    await waitUntil(async () => ((await trivy.scans()).length === started ? true : undefined), {
      what: 'the middle of the pass',
      timeoutMs: 60_000,
    });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { user, trivy, running, finished: (await imageLogs(user)).length, [Symbol.asyncDispose]: dispose };
};

const imageLogs = async ({ directory }: GtsUser): Promise<string[]> =>
  (await readdir(join(directory, 'logs'))).filter((name) => name.startsWith('scan-2'));

const temporaryThings = async ({ directory, temporary }: GtsUser): Promise<string[]> => [
  ...(await readdir(temporary)),
  ...(await readdir(join(directory, 'cache', 'work'))),
];

/** The next pass, with nothing in front of Trivy. */
const goOn = async ({ user }: HeldPass): Promise<HostScanDocument> => {
  const { stdout } = await user.gts([...SCAN, '--json'], { TRIVY_PATH: await realTrivy() });
  return readDocument(HostScanDocument, stdout);
};

const expectToTakeUp = async (pass: HeldPass): Promise<void> => {
  expect(pass.finished).toBeGreaterThan(0);
  expect((await goOn(pass)).totals).toMatchObject({ images: 11, reused: pass.finished, failed: 0, skipped: 1 });
};

describe('a pass that is killed', () => {
  it('leaves neither a Trivy process nor a temporary directory after the next start, and keeps its results', async () => {
    await using pass = await passInTheMiddle(SCAN);
    pass.running.kill('SIGKILL');
    await pass.running.ended;
    expect(await processesNaming(pass.user.directory)).not.toEqual([]);
    expect(await temporaryThings(pass.user)).not.toEqual([]);
    await expectToTakeUp(pass);
    expect(await processesNaming(pass.user.directory)).toEqual([]);
    expect(await temporaryThings(pass.user)).toEqual([]);
  });
});

describe('a pass that is asked to stop', () => {
  it.each([
    { signal: 'SIGINT', exitCode: 130 },
    { signal: 'SIGTERM', exitCode: 143 },
  ] as const)(
    'ends on $signal with $exitCode, its Trivy processes ended, and says how to go on',
    async ({ signal, exitCode }) => {
      await using pass = await passInTheMiddle([...SCAN, '--severity', 'LOW', '--json']);
      pass.running.kill(signal);
      const ended = await pass.running.ended;
      expect(ended.exitCode).toBe(exitCode);
      const resuming = ended.stderr.split('\n').filter((line) => line.includes('gts host scan'));
      expect(resuming).toEqual([expect.stringContaining('gts host scan --concurrency 2 --severity LOW --json')]);
      const document = await readDocument(HostScanDocument, ended.stdout);
      expect(document.totals).toMatchObject({ scanned: pass.finished, images: 11 });
      const failed = document.images.filter(({ status }) => status === 'failed');
      expect(new Set(failed.map(({ reason }) => reason?.code))).toEqual(new Set(['interrupted']));
      expect(await processesNaming(pass.user.directory)).toEqual([]);
      expect(await temporaryThings(pass.user)).toEqual([]);
      expect(await imageLogs(pass.user)).toHaveLength(pass.finished);
      await expectToTakeUp(pass);
    },
  );

  it('says how to go on when it has not begun to scan', async () => {
    const fault = { kind: 'stall' } as const;
    await using mirror = await startFaultyProxy(database.registry.url, [{ path: /trivy-db/, fault }]);
    await using user = await gtsUser({
      TRIVY_DB_REPOSITORY: `${mirror.host}/trivy-db:2`,
      TRIVY_PATH: await realTrivy(),
      DOCKER_HOST: engine.dockerHost,
    });
    const running = user.start([...SCAN, '--json']);
    await waitUntil(() => mirror.requests.find((request) => request.includes('trivy-db')), {
      what: 'the download of the database',
      timeoutMs: 30_000,
    });
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('gts host scan --concurrency 2') });
    expect((await readDocument(ErrorDocument, ended.stdout)).error.code).toBe('interrupted');
    expect(await processesNaming(user.directory)).toEqual([]);
  });

  it('ends at once when it is asked twice', async () => {
    await using pass = await passInTheMiddle([...SCAN, '--json'], engine, { stubborn: true });
    pass.running.kill('SIGINT');
    await waitUntil(() => (pass.running.stderrSoFar().includes('stopping') ? true : undefined), {
      what: 'the first signal to be taken',
      timeoutMs: 10_000,
    });
    pass.running.kill('SIGINT');
    const ended = await pass.running.ended;
    expect(ended).toMatchObject({ exitCode: 130, stdout: '' });
    await waitUntil(async () => ((await processesNaming(pass.user.directory)).length === 0 ? true : undefined), {
      what: 'the end of its Trivy processes',
      timeoutMs: 10_000,
    });
    expect(await temporaryThings(pass.user)).toEqual([]);
    await expectToTakeUp(pass);
  });
});

describe('a second pass over the same state', () => {
  it('does not start while the first one runs, and names it', async () => {
    await using pass = await passInTheMiddle(SCAN);
    const second = await pass.user.gts(['host', 'scan', '--json']);
    expect(second.exitCode).toBe(4);
    const { error } = await readDocument(ErrorDocument, second.stdout);
    expect(error.code).toBe('directory_busy');
    expect(error.message).toContain(join(pass.user.directory, 'state'));
    expect(error.message).toContain(`gts host scan --concurrency 2 (pid ${pass.running.pid}`);
    expect(error.hint).toContain('--dir');
    await pass.trivy.release();
    expect((await pass.running.ended).exitCode).toBe(0);
  });
});

describe('an engine that dies in the middle of a pass', () => {
  it('fails what is left, and keeps and reports what is finished', async () => {
    await using mortal = await startClassicEngine();
    await loadStandardImages(mortal);
    await using pass = await passInTheMiddle([...SCAN, '--json'], mortal);
    mortal.kill('SIGKILL');
    await pass.trivy.release();
    const ended = await pass.running.ended;
    expect(ended.exitCode).toBe(3);
    const document = await readDocument(HostScanDocument, ended.stdout);
    // What had left the engine already needs it no more.
    const { scanned, images } = document.totals;
    expect(scanned).toBeGreaterThanOrEqual(pass.finished);
    const failed = document.images.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(images - scanned - 1);
    expect(failed).not.toEqual([]);
    expect(new Set(failed.map(({ reason }) => reason?.code))).toEqual(new Set(['engine_unreachable']));
  });

  it('ends the pass when nothing was finished', async () => {
    await using mortal = await startClassicEngine();
    await loadStandardImages(mortal);
    // The images are listed, and none of them has left the engine.
    await using pass = await passInTheMiddle([...SCAN, '--json'], mortal, { freeScans: 0, watch: 'downloads' });
    mortal.kill('SIGKILL');
    await pass.trivy.release();
    const ended = await pass.running.ended;
    expect(ended.exitCode).toBe(4);
    const { error } = await readDocument(ErrorDocument, ended.stdout);
    expect(error).toMatchObject({ code: 'engine_lost', hint: expect.stringContaining('Docker engine') });
    expect(ended.stderr).toContain(`error[engine_lost]: ${error.message}`);
  });
});
