import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './places.mjs';
import { runStep } from './run.mjs';
import { during } from './say.mjs';
import { filesBelow, fingerprint, isStamped, leaveStamp } from './stamp.mjs';

const stamps = join(root, 'node_modules', '.cache', 'gts');
const buildSettings = [
  'turbo.json',
  'tsconfig.base.json',
  'tsup.config.ts',
  'tsup.program.config.ts',
  'tsup.cli.config.ts',
  'pnpm-lock.yaml',
];

/**
 * Installs the dependencies that the lockfile names, unless they are there already.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 */
export async function installDependencies({ env }) {
  const packages = await packageDirectories();
  const manifests = [root, ...packages].map((directory) => join(directory, 'package.json'));
  const settings = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => join(root, name));
  const current = await fingerprint(root, [...manifests, ...settings]);
  const stamp = join(stamps, 'installed');
  const isThere = packages.every((directory) => existsSync(join(directory, 'node_modules')));
  if (isThere && (await isStamped(stamp, current))) return;
  await during('Installing the dependencies named in pnpm-lock.yaml', async () => {
    await runStep('pnpm', ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], {
      env,
      hint: 'If the npm registry is out of reach, start again when it is back; otherwise the text above names the cause.',
    });
    await leaveStamp(stamp, current);
  });
}

/**
 * Builds every package, unless the built ones match their sources.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 */
export async function build({ env }) {
  const built = await builtPackages();
  const current = await fingerprint(root, await buildInputs(built));
  const stamp = join(stamps, 'built');
  const isThere = built.every((directory) => existsSync(join(directory, 'dist')));
  if (isThere && (await isStamped(stamp, current))) return;
  await during('Building the packages', async () => {
    await runStep('pnpm', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
      env,
      hint: 'The sources of this checkout do not build: look at the first error above.',
    });
    await leaveStamp(stamp, current);
  });
}

/** @param {readonly string[]} packages */
async function buildInputs(packages) {
  const inputs = packages.map(async (directory) => [
    ...(await filesBelow(join(directory, 'src'), (name) => !name.endsWith('.test.ts'))),
    ...['package.json', 'tsconfig.json'].map((name) => join(directory, name)),
  ]);
  return [...(await Promise.all(inputs)).flat(), ...buildSettings.map((name) => join(root, name))];
}

async function builtPackages() {
  const packages = await packageDirectories();
  const manifests = await Promise.all(packages.map((directory) => readFile(join(directory, 'package.json'), 'utf8')));
  return packages.filter((_, index) => JSON.parse(manifests[index] ?? '').scripts?.build !== undefined);
}

async function packageDirectories() {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, 'packages', name));
  return directories.filter((directory) => existsSync(join(directory, 'package.json')));
}
