import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import type { Engine } from '../engines/engine.ts';
import { realTrivy, testbedCacheDirectory } from '../real-programs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What our Dockerfile is built from where nothing can be pulled, by the names of its build arguments. */
export interface BaseImages {
  /** Debian with Node, npm, and what the lockfiles name in npm's and pnpm's own caches. */
  readonly NODE_IMAGE: string;
  /** The libraries, certificates and time zones of Debian, without a shell. */
  readonly RUNTIME_IMAGE: string;
  /** Nothing but the Trivy of the test bed. */
  readonly TRIVY_IMAGE: string;
}

const REPOSITORY = new URL('../../../../', import.meta.url);
const SUITE = 'bookworm';
const BUILD_PACKAGES = ['--variant=essential', '--include=ca-certificates,libstdc++6'];
const RUNTIME_PACKAGES = ['--variant=extract', '--include=libc6,libstdc++6,libgcc-s1,tzdata,base-files,netbase'];
/** What apt leaves of itself. */
const LEFT_OUT = ['var/cache/apt', 'var/lib/apt'];
const NPM = 'npm@11.19.1';
const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt';

/** What is there is taken from there; for the rest this machine's way to the registries is trusted. */
const NODE_ENVIRONMENT = ['npm_config_prefer_offline=true', `NODE_EXTRA_CA_CERTS=/${CERTIFICATES}`];

const PINS = ['scripts/toolchain/package.json', 'scripts/toolchain/package-lock.json'];
const LOCKFILES = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'];

/** Puts the images that stand for the published ones into an engine; the first call makes two of them, within a minute. */
export async function loadBaseImages(engine: Engine): Promise<BaseImages> {
  const directory = await archives();
  const changes = NODE_ENVIRONMENT.flatMap((variable) => ['--change', `ENV ${variable}`]);
  await engine.docker(['import', ...changes, join(directory, 'node.tar'), 'testbed/node:24']);
  await engine.docker(['import', join(directory, 'runtime.tar'), 'testbed/runtime:1']);
  await using temporary = await temporaryDirectory();
  const trivy = join(temporary.path, 'trivy.tar');
  await execa('tar', ['--transform', 's,.*/,usr/local/bin/,', '--absolute-names', '-cf', trivy, await realTrivy()]);
  await engine.docker(['import', trivy, 'testbed/trivy:1']);
  return { NODE_IMAGE: 'testbed/node:24', RUNTIME_IMAGE: 'testbed/runtime:1', TRIVY_IMAGE: 'testbed/trivy:1' };
}

/** Made beside their place and moved there at once, so that nobody meets half of them. */
async function archives(): Promise<string> {
  const parent = testbedCacheDirectory();
  const directory = join(parent, `container-bases-${await recipeKey()}`);
  if (existsSync(directory)) return directory;
  await mkdir(parent, { recursive: true });
  const unfinished = await mkdtemp(join(parent, 'container-bases-unfinished-'));
  try {
    await Promise.all([makeNodeArchive(unfinished), makeRuntimeArchive(unfinished)]);
    await rename(unfinished, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}

async function recipeKey(): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([SUITE, BUILD_PACKAGES, RUNTIME_PACKAGES, LEFT_OUT, NPM, process.version, process.arch]));
  for (const file of [...PINS, ...LOCKFILES]) hash.update(await readFile(new URL(file, REPOSITORY)));
  return hash.digest('hex').slice(0, 12);
}

async function makeNodeArchive(directory: string): Promise<void> {
  await using temporary = await temporaryDirectory();
  const root = join(temporary.path, 'root');
  await execa('mmdebstrap', ['--quiet', ...BUILD_PACKAGES, SUITE, root]);
  await fillNodeRoot(root, temporary.path);
  await archive(root, join(directory, 'node.tar'));
}

async function fillNodeRoot(root: string, scratch: string): Promise<void> {
  const local = join(root, 'usr/local');
  await copyFile(process.execPath, join(local, 'bin/node'));
  const npm = ['--no-audit', '--no-fund', '--cache', join(root, 'root/.npm')];
  await execa('npm', ['install', '--global', '--prefix', local, ...npm, NPM]);
  const toolchain = await copiesOf(PINS, join(scratch, 'toolchain'));
  await execa('npm', ['ci', '--ignore-scripts', '--prefix', toolchain, ...npm], { cwd: toolchain });
  const workspace = await copiesOf(LOCKFILES, join(scratch, 'workspace'));
  await execa('pnpm', ['fetch', '--store-dir', join(root, 'root/.local/share/pnpm/store')], { cwd: workspace });
  await copyCertificates(root);
}

async function makeRuntimeArchive(directory: string): Promise<void> {
  await using temporary = await temporaryDirectory();
  const root = join(temporary.path, 'root');
  await execa('mmdebstrap', ['--quiet', ...RUNTIME_PACKAGES, SUITE, root]);
  for (const left of LEFT_OUT) await rm(join(root, left), { recursive: true });
  await copyCertificates(root);
  await archive(root, join(directory, 'runtime.tar'));
}

async function archive(root: string, file: string): Promise<void> {
  await execa('tar', ['--format=gnu', '--numeric-owner', '-C', root, '-cf', file, '.']);
}

/** Of this machine: what it trusts on its way to a registry. */
async function copyCertificates(root: string): Promise<void> {
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await copyFile(join('/', CERTIFICATES), join(root, CERTIFICATES));
}

async function copiesOf(files: readonly string[], directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const file of files)
    await copyFile(fileURLToPath(new URL(file, REPOSITORY)), join(directory, file.replace(/^.*\//, '')));
  return directory;
}
