import { realTrivy, standardImages } from '@scanner/testing';
import { expect, it } from 'vitest';

import { gtsUser } from './support/gts.ts';
import { archiveOf } from './support/image-files.ts';
import { prepareDatabase } from './support/prepared-database.ts';

it('a gate that holds for a distribution past its end of life says how little that means', async () => {
  await using database = await prepareDatabase();
  await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  const old = (await standardImages()).find(({ coverage }) => coverage === 'eol');
  if (old === undefined) throw new Error('no standard image is past its end of life');
  const archive = await archiveOf(old.image, user.workingDirectory, 'old');

  const { exitCode, stderr } = await user.gts(['image', '--input', archive, '--fail-on', 'critical']);

  expect(stderr).toMatch(/--fail-on was evaluated for .*old\.tar/);
  expect(exitCode).toBe(0);
});
