import { join } from 'node:path';

import { type BuiltImage, type Registry, writeDockerArchive, writeOciLayout } from '@scanner/testing';

/** Writes one image as a docker archive and returns its path. */
export const archiveOf = async (image: BuiltImage, directory: string, name: string): Promise<string> => {
  const path = join(directory, `${name}.tar`);
  await writeDockerArchive(path, [{ image, references: [`registry.example/${name}:1`] }]);
  return path;
};

/** Writes images, one for each platform, as an OCI layout and returns its directory. */
export const layoutOf = async (platforms: readonly BuiltImage[], directory: string, name: string): Promise<string> => {
  const path = join(directory, name);
  await writeOciLayout(path, { reference: `registry.example/${name}:1`, platforms });
  return path;
};

/** Puts images, one for each platform, into a registry as `NAME:1`. */
export const publish = async (
  registry: Registry,
  platforms: readonly BuiltImage[],
  directory: string,
  name: string,
): Promise<void> => {
  await registry.pushOci(await layoutOf(platforms, directory, name.replaceAll('/', '-')), `${name}:1`);
};
