import { expect, it } from 'vitest';

import { askEngine } from './ask-engine.ts';
import { startFakeEngine } from './fake-engine.ts';

const ID = `sha256:${'a'.repeat(64)}`;

it('lists the images that it was last given, and describes each', async () => {
  await using engine = await startFakeEngine();
  const socket = engine.dockerHost.replace('unix://', '');
  expect(JSON.parse((await askEngine(socket, '/v1.47/images/json')) ?? '')).toEqual([]);
  engine.list([{ id: ID, references: ['app:1'] }]);
  const listed = JSON.parse((await askEngine(socket, '/v1.47/images/json?all=0')) ?? '');
  expect(listed).toMatchObject([{ Id: ID, RepoTags: ['app:1'] }]);
  const described = JSON.parse((await askEngine(socket, `/v1.47/images/${ID}/json`)) ?? '');
  expect(described).toMatchObject({ Id: ID, Os: 'linux', Architecture: 'amd64' });
});
