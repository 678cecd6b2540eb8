import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createLockKeeper } from '@scanner/store';
import { pythonImage, realTrivy, waitUntil } from '@scanner/testing';
import { expect, it } from 'vitest';

import { gtsUser } from './support/gts.ts';
import { archiveOf } from './support/image-files.ts';
import { prepareDatabase } from './support/prepared-database.ts';

it('a command that waits for the database of another process says so, and goes on when it is there', async () => {
  await using database = await prepareDatabase();
  await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  const archive = await archiveOf((await pythonImage()).image, user.workingDirectory, 'worker');
  const generations = join(user.cache, 'gts', 'generations');
  await mkdir(generations, { recursive: true });
  const other = await createLockKeeper().acquire(join(generations, 'update.lock'), 'another update');

  const running = user.start(['image', '--input', archive]);
  await waitUntil(async () => (running.stderrSoFar().includes('held=another update') ? true : undefined), {
    what: 'a word on what is waited for',
    timeoutMs: 60_000,
  });
  other.release();

  expect(await running.ended).toMatchObject({ exitCode: 0 });
});
