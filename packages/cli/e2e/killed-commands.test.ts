import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fakeTrivy, processesNaming, pythonImage, realTrivy, temporaryDirectory, waitUntil } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';

import { watchTrivy } from './support/watched-trivy.ts';

let database: PreparedDatabase;
let images: readonly string[];

beforeAll(async () => {
  database = await prepareDatabase();
  await using files = await temporaryDirectory();
  const { image } = await pythonImage();
  for (const name of ['shop/first', 'shop/second']) await publish(database.registry, [image], files.path, name);
  images = ['shop/first:1', 'shop/second:1'].map((name) => `${database.registry.host}/${name}`);
});
afterAll(() => database[Symbol.asyncDispose]());

const leftBy = async ({ cache, temporary }: GtsUser): Promise<string[]> => [
  ...(await readdir(temporary)),
  ...(await readdir(join(cache, 'gts', 'work'))),
  ...(await processesNaming(temporary)).map(({ commandLine }) => commandLine),
];

describe('what a killed command left', () => {
  it('with a report that waits to be turned into SPDX is gone after the next start', async () => {
    await using trivy = await watchTrivy({ watch: 'conversions', freeScans: 0 });
    await using user = await gtsUser({ ...database.environment, TRIVY_PATH: trivy.path });
    const running = user.start(['image', ...images.slice(0, 1), '--format', 'spdx', '--source', 'remote']);
    await waitUntil(async () => ((await trivy.scans()).length === 1 ? true : undefined), {
      what: 'the conversion',
      timeoutMs: 60_000,
    });
    running.kill('SIGKILL');
    await running.ended;
    expect(await leftBy(user)).not.toEqual([]);

    await user.gts(['image', ...images], { TRIVY_PATH: await realTrivy() });
    expect(await leftBy(user)).toEqual([]);
  });

  it('of the demonstration is gone after the next one', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'hang' } });
    await using user = await gtsUser({ TRIVY_PATH: trivy.path });
    const running = user.start(['demo']);
    await waitUntil(async () => ((await trivy.calls()).some(({ args }) => args[0] === 'image') ? true : undefined), {
      what: 'the first scan',
      timeoutMs: 60_000,
    });
    running.kill('SIGKILL');
    await running.ended;
    expect(await leftBy(user)).not.toEqual([]);

    await user.gts(['demo'], { TRIVY_PATH: await realTrivy() });
    expect(await leftBy(user)).toEqual([]);
  });

  it('of a catalogue scan is gone after one that has nothing to scan', async () => {
    await using user = await gtsUser();
    const work = join(user.cache, 'gts', 'work');
    const session = join(work, `session-${'0'.repeat(16)}`);
    await mkdir(session, { recursive: true });
    await utimes(session, new Date(0), new Date(0));
    expect(await user.gts(['scan'])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('no tools') });
    expect(await readdir(work)).toEqual([]);
  });

  it('of a report that was being written is gone after the next one is written there', async () => {
    await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
    const begun = join(user.workingDirectory, `.report.json.${'0'.repeat(16)}.tmp`);
    await writeFile(begun, '{"schema":');
    await utimes(begun, new Date(0), new Date(0));
    await user.gts(['image', images[0] ?? '', '--format', 'json', '--output', 'report.json']);
    expect(await readdir(user.workingDirectory)).toEqual(['report.json']);
  });
});
