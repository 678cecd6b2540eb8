import { execa } from 'execa';
import { expect, it } from 'vitest';

import { debianImage, startClassicEngine } from '../src/index.ts';

it('the Debian image holds the packages that its own dpkg lists', async () => {
  const { archivePath, reference, packages } = await debianImage();
  await using engine = await startClassicEngine();
  await engine.load(archivePath);
  const listed = await engine.docker(['run', '--rm', '--network', 'none', reference, 'dpkg-query', '--show']);
  const lines = packages.map(({ name, version }) => `${name}\t${version}`);
  expect(listed.split('\n')).toEqual(lines);
  expect(lines.length).toBeGreaterThan(50);
});

it('the Debian image is made once', async () => {
  const { stdout: before } = await execa('stat', ['--format', '%Y %i', (await debianImage()).archivePath]);
  const { stdout: after } = await execa('stat', ['--format', '%Y %i', (await debianImage()).archivePath]);
  expect(after).toBe(before);
});
