import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { HostScanDocument } from '@scanner/core';
import { type Engine, loadStandardImages, realTrivy, startClassicEngine, waitUntil } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { watchTrivy } from './support/watched-trivy.ts';

const NEWER = '0.99.0';

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

const userOf = (path: string): Promise<GtsUser> =>
  gtsUser({ ...database.environment, TRIVY_PATH: path, DOCKER_HOST: engine.dockerHost });

describe('gts host scan with a Trivy newer than the tested ones', () => {
  it('finds the same without a warning, and without a process an image', async () => {
    await using trivy = await watchTrivy({ version: NEWER });
    await using newer = await userOf(trivy.path);
    await using pinned = await userOf(await realTrivy());
    const pass = await newer.gts(['host', 'scan', '--json']);
    const expected = await pinned.gts(['host', 'scan', '--json']);
    const document = await readDocument(HostScanDocument, pass.stdout);
    expect(pass.exitCode).toBe(expected.exitCode);
    expect(document.trivy.version).toBe(NEWER);
    expect(document.images.map(({ findings }) => findings)).toEqual(
      (await readDocument(HostScanDocument, expected.stdout)).images.map(({ findings }) => findings),
    );
    expect(pass.stderr).not.toMatch(/^warning:/m);
    const calls = await trivy.calls();
    expect(calls.filter((call) => call.includes('--image-src docker'))).toEqual([]);
    // One to measure it, and one for the pass.
    expect(calls.filter((call) => call.startsWith('server '))).toHaveLength(2);
  });

  it('stops at Ctrl-C while that is measured, and leaves nothing', async () => {
    await using trivy = await watchTrivy({ version: NEWER, freeScans: 1 });
    await using user = await userOf(trivy.path);
    const running = user.start(['host', 'scan']);
    await waitUntil(async () => ((await trivy.scans()).length > 1 ? true : undefined), {
      what: 'the second scan of the measurement',
      timeoutMs: 60_000,
    });
    running.kill('SIGINT');
    expect((await running.ended).exitCode).toBe(130);
    expect(await readdir(join(user.directory, 'cache', 'work'))).toEqual([]);
    expect(await readdir(user.temporary)).toEqual([]);
  });
});
