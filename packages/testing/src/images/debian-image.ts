import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { keptDirectory } from '../kept-directory.ts';
import { writeDockerArchive } from './docker-archive.ts';
import { anImage } from './image.ts';
import type { SystemPackage } from './package-databases.ts';

/** A whole Debian image, made from Debian's own packages. */
export interface DebianImage {
  /** A docker archive of about 110 MB. */
  readonly archivePath: string;
  readonly reference: string;
  /** What `dpkg --list` tells in it. */
  readonly packages: readonly Pick<SystemPackage, 'name' | 'version'>[];
}

const REFERENCE = 'registry.example/base/debian-full:12';
const SUITE = 'bookworm';
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/man/*'];
const OPTIONS = [
  '--quiet',
  '--variant=essential',
  '--include=openssl,ca-certificates',
  ...LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
];
const LIST_PACKAGES = `chroot "$1" dpkg-query --show --showformat '\${Package}\\t\${Version}\\n'`;

/** Another recipe makes another image in the cache. */
const RECIPE_KEY = createHash('sha256')
  .update(JSON.stringify([REFERENCE, OPTIONS, LIST_PACKAGES]))
  .digest('hex')
  .slice(0, 12);

/** Gives the Debian image, which the first call makes with `mmdebstrap` and keeps in the cache. Needs root then. */
export async function debianImage(): Promise<DebianImage> {
  const directory = await keptDirectory(`debian-12-${RECIPE_KEY}`, makeImage);
  const list = await readFile(join(directory, 'packages.tsv'), 'utf8');
  const packages = list
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', version = '']) => ({ name, version }));
  return { archivePath: join(directory, 'image.tar'), reference: REFERENCE, packages };
}

async function makeImage(directory: string): Promise<void> {
  const rootFileSystem = join(directory, 'root.tar');
  const list = `${LIST_PACKAGES} > '${join(directory, 'packages.tsv')}'`;
  await execa('mmdebstrap', [...OPTIONS, `--customize-hook=${list}`, SUITE, rootFileSystem]);
  const image = await anImage({ layers: [await readFile(rootFileSystem)] });
  await writeDockerArchive(join(directory, 'image.tar'), [{ image, references: [REFERENCE] }]);
  await rm(rootFileSystem);
}
