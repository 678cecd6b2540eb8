import { stat } from 'node:fs/promises';

import { execa } from 'execa';
import { expect, it } from 'vitest';
import { z } from 'zod';

import { debianImage, realTrivy, startClassicEngine, temporaryDirectory } from '../src/index.ts';

const Sbom = z.object({ components: z.array(z.object({ name: z.string(), type: z.string() })) });

it('the Debian image holds the packages that its own dpkg lists', async () => {
  const { archivePath, reference, packages } = await debianImage();
  await using engine = await startClassicEngine();
  await engine.load(archivePath);
  const format = '${Package}\\t${Version}\\n';
  const dpkg = ['dpkg-query', '--show', '--showformat', format];
  const listed = await engine.docker(['run', '--rm', '--network', 'none', reference, ...dpkg]);
  expect(listed.split('\n')).toEqual(packages.map(({ name, version }) => `${name}\t${version}`));
  expect(packages.length).toBeGreaterThan(50);
});

it('Trivy sees every package of the Debian image', async () => {
  const { archivePath, packages } = await debianImage();
  await using cache = await temporaryDirectory();
  const args = ['image', '--input', archivePath, '--format', 'cyclonedx', '--quiet', '--cache-dir', cache.path];
  const { stdout } = await execa(await realTrivy(), args);
  const libraries = Sbom.parse(JSON.parse(stdout)).components.filter(({ type }) => type === 'library');
  expect(libraries.map(({ name }) => name).toSorted()).toEqual(packages.map(({ name }) => name).toSorted());
});

it('the Debian image is made once', async () => {
  const first = await stat((await debianImage()).archivePath);
  const second = await stat((await debianImage()).archivePath);
  expect([second.ino, second.mtimeMs]).toEqual([first.ino, first.mtimeMs]);
});
