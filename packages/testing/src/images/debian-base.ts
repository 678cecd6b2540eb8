import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { execa } from 'execa';

import { keptDirectory } from '../kept-directory.ts';

/** The single layer of a whole Debian 12 as people build on it: documentation, translations and all. */
export interface DebianBase {
  /** An uncompressed tar. */
  readonly layerPath: string;
  /** The same, as it lies in a registry. */
  readonly compressedLayerPath: string;
  /** Names of its source packages, which advisories are about; one a line. */
  readonly sourcesPath: string;
  /** Names of all packages that Debian has; one a line. */
  readonly archiveNamesPath: string;
}

const SUITE = 'bookworm';
const PACKAGES = {
  /** About 200 MB: what a service in Python stands on. */
  runtime: ['ca-certificates', 'curl', 'openssl', 'python3'],
  /** About 680 MB: compilers, headers and clients, as images to build in have them. */
  build: [
    ...['build-essential', 'ca-certificates', 'curl', 'git', 'libcurl4-openssl-dev', 'libpq-dev', 'openssh-client'],
    ...['openssl', 'postgresql-client', 'python3-dev', 'unzip', 'vim'],
  ],
} as const;
export type DebianBaseKind = keyof typeof PACKAGES;

const LIST_SOURCES = `chroot "$1" dpkg-query --show --showformat '\${source:Package}\\n' | sort --unique`;
const LIST_ARCHIVE = 'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-cache pkgnames | sort';

/** Gives the layer, which the first call makes with `mmdebstrap` and keeps in the cache (a minute or two). Needs root then. */
export async function debianBase(kind: DebianBaseKind): Promise<DebianBase> {
  const recipe = JSON.stringify([SUITE, PACKAGES[kind], LIST_SOURCES, LIST_ARCHIVE]);
  const key = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const directory = await keptDirectory(`debian-12-${kind}-${key}`, (unfinished) =>
    makeBase(PACKAGES[kind], filesIn(unfinished)),
  );
  return filesIn(directory);
}

function filesIn(directory: string): DebianBase {
  return {
    layerPath: join(directory, 'layer.tar'),
    compressedLayerPath: join(directory, 'layer.tar.gz'),
    sourcesPath: join(directory, 'sources.txt'),
    archiveNamesPath: join(directory, 'archive-names.txt'),
  };
}

async function makeBase(packages: readonly string[], base: DebianBase): Promise<void> {
  const hooks = [`${LIST_SOURCES} > '${base.sourcesPath}'`, `${LIST_ARCHIVE} > '${base.archiveNamesPath}'`];
  await execa('mmdebstrap', [
    ...['--quiet', '--variant=essential', `--include=${packages.join(',')}`],
    ...hooks.map((hook) => `--customize-hook=${hook}`),
    SUITE,
    base.layerPath,
  ]);
  await pipeline(createReadStream(base.layerPath), createGzip(), createWriteStream(base.compressedLayerPath));
}
