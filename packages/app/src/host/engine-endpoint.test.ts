import { expect, it } from 'vitest';

import { engineEndpoint } from './engine-endpoint.ts';

const ENVIRONMENT = { DOCKER_HOST: 'unix:///environment.sock' };

it.each([
  { flag: 'unix:///flag.sock', origin: 'flag' },
  { flag: ENVIRONMENT.DOCKER_HOST, origin: 'environment' },
])('says that $flag was named by the $origin', async ({ flag, origin }) => {
  const endpoint = await engineEndpoint({ env: ENVIRONMENT, home: '/nonexistent' }, { DOCKER_HOST: flag });
  expect(endpoint).toMatchObject({ host: flag, origin });
});

it('is the usual socket where nothing names another', async () => {
  const endpoint = await engineEndpoint({ env: {}, home: '/nonexistent' }, { DOCKER_HOST: null });
  expect(endpoint).toMatchObject({ host: 'unix:///var/run/docker.sock', origin: 'default' });
});
