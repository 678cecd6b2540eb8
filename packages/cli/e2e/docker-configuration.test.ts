import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorDocument, ImageDocument } from '@scanner/core';
import { pythonImage, realTrivy, temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

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

describe('a Docker configuration that is broken', () => {
  it('ends the command with 2 and names the file, once, whatever is to be scanned', async () => {
    await using database = await prepareDatabase();
    await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() }, { bound: true });
    const configuration = await configured(user.home, '{"auths":');
    const { host } = database.registry;
    const { exitCode, stdout } = await user.gts(['image', `${host}/a/a:1`, `${host}/b/b:1`, '--json']);
    const { error } = await readDocument(ErrorDocument, stdout);
    expect(error).toMatchObject({ code: 'setting_invalid', message: expect.stringContaining(configuration) });
    expect(error.hint).toContain('correct');
    expect(exitCode).toBe(2);
  });

  it('that is empty counts as none, as it does for Docker', async () => {
    await using database = await prepareDatabase();
    await using files = await temporaryDirectory();
    await publish(database.registry, [(await pythonImage()).image], files.path, 'shop/worker');
    await using user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() }, { bound: true });
    await configured(user.home, '');
    const { exitCode } = await user.gts(['image', `${database.registry.host}/shop/worker:1`, '--json']);
    expect(exitCode).toBe(0);
  });
});

const configured = async (home: string, content: string): Promise<string> => {
  const configuration = join(home, '.docker', 'config.json');
  await mkdir(join(home, '.docker'));
  await writeFile(configuration, content);
  return configuration;
};
