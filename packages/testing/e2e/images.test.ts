import { join } from 'node:path';

import { execa } from 'execa';
import { expect, it } from 'vitest';

import {
  alpineImageFor,
  corruptLayerImage,
  realTrivy,
  temporaryDirectory,
  writeDockerArchive,
  writeOciLayout,
} from '../src/index.ts';

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

it('makes an image with a layer that Trivy stumbles over', async () => {
  await using directory = await temporaryDirectory();
  const archive = join(directory.path, 'image.tar');
  await writeDockerArchive(archive, [{ image: await corruptLayerImage(), references: [] }]);
  const scanned = ['image', '--input', archive, '--scanners', 'secret', '--cache-dir', directory.path];
  const { exitCode, stderr } = await execa(await realTrivy(), scanned, { reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('invalid tar header');
});
