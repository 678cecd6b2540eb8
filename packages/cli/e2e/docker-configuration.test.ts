import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageDocument } from '@scanner/core';
import { pythonImage, realTrivy, temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { gtsUser } from './support/gts.ts';
import { publish } from './support/image-files.ts';
import { prepareDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

it('a Docker configuration that is not for this user to read leaves public images to be had, which is said', async () => {
  await using database = await prepareDatabase();
  await using files = await temporaryDirectory();
  await publish(database.registry, [(await pythonImage()).image], files.path, 'shop/worker');
  await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() }, { bound: true });
  const configuration = join(user.home, '.docker', 'config.json');
  await mkdir(join(user.home, '.docker'));
  await writeFile(configuration, '{"auths":{}}');
  await chmod(configuration, 0o000);

  const { exitCode, stdout, stderr } = await user.gts(['image', `${database.registry.host}/shop/worker:1`, '--json']);
  expect((await readDocument(ImageDocument, stdout)).totals).toMatchObject({ scanned: 1, failed: 0 });
  expect(stderr).toContain(`asked without a login file=${configuration}`);
  expect(exitCode).toBe(0);
});
