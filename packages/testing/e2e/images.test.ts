import { join } from 'node:path';

import { execa } from 'execa';
import { expect, it } from 'vitest';

import { alpineImageFor, temporaryDirectory, writeDockerArchive, writeOciLayout } from '../src/index.ts';

it('writes a docker archive from which skopeo reads the configuration', async () => {
  await using directory = await temporaryDirectory();
  const archive = join(directory.path, 'image.tar');
  const image = await alpineImageFor('amd64');
  await writeDockerArchive(archive, [{ image, references: ['registry.example/hello:1'] }]);
  const { stdout } = await execa('skopeo', ['inspect', '--config', '--raw', `docker-archive:${archive}`]);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(image.config.toString()));
});

it('writes an OCI layout with one manifest per platform and one attestation for each', async () => {
  await using directory = await temporaryDirectory();
  const platforms = [await alpineImageFor('amd64'), await alpineImageFor('arm64')];
  const reference = 'registry.example/hello:1';
  const { manifests } = await writeOciLayout(directory.path, { reference, platforms, attestations: true });
  expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'arm64', 'unknown', 'unknown']);
  const { stdout } = await execa('skopeo', ['inspect', '--raw', `oci:${directory.path}:1`]);
  expect(JSON.parse(stdout)).toMatchObject({ manifests });
});
