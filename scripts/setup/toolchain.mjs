import { existsSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cache, root } from './places.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { run, runStep } from './run.mjs';
import { SetupError, during } from './say.mjs';
import { fingerprint } from './stamp.mjs';

const pins = join(root, 'scripts', 'toolchain');
const pinFiles = ['package.json', 'package-lock.json'];

/**
 * @typedef {object} Toolchain
 * @property {string} node the executable of Node 24
 * @property {NodeJS.ProcessEnv} env an environment in which `node` and `pnpm` are the pinned ones
 */

/**
 * The pinned Node and pnpm, fetched through npm the first time. Where npm has none for this platform, those of the
 * machine are used if they are new enough.
 *
 * @returns {Promise<Toolchain>}
 */
export async function provideToolchain() {
  const bin = isPinnedPlatform() ? await fetchedToolchain() : undefined;
  if (bin === undefined) {
    await requireOwnToolchain();
    return { node: process.execPath, env: environment(process.env) };
  }
  return {
    node: join(bin, 'node'),
    env: environment({ ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }),
  };
}

const isPinnedPlatform = () => process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch) && usesGlibc();

function usesGlibc() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report?.getReport() ?? {});
  return report.header?.glibcVersionRuntime !== undefined;
}

async function fetchedToolchain() {
  const key = await fingerprint(
    pins,
    pinFiles.map((name) => join(pins, name)),
    [process.arch],
  );
  const home = join(cache, 'toolchain', key.slice(0, 12));
  const bin = join(home, 'bin');
  if (!existsSync(bin)) {
    await during('Fetching Node 24 and pnpm 12 through npm (60 MB, once for all checkouts)', () =>
      publishDirectory(home, fetchInto),
    );
  }
  return bin;
}

/** @param {string} directory */
async function fetchInto(directory) {
  for (const name of pinFiles) await copyFile(join(pins, name), join(directory, name));
  await runStep('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
    env: withoutNpmSettings(),
    hint: 'If the npm registry is out of reach, start again when it is back; otherwise the text above names the cause.',
  });
  await mkdir(join(directory, 'bin'));
  const packages = join('..', 'node_modules');
  await symlink(join(packages, `node-linux-${process.arch}`, 'bin', 'node'), join(directory, 'bin', 'node'));
  await symlink(join(packages, '@pnpm', `exe.linux-${process.arch}`, 'pnpm'), join(directory, 'bin', 'pnpm'));
}

/** npm tells its children of its own project by variables that would send a nested npm to the wrong place. */
const withoutNpmSettings = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(global|local)?_?prefix|package_|lifecycle_)/i.test(name),
    ),
  );

async function requireOwnToolchain() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const { output } = await run('pnpm', ['--version']).catch(() => ({ output: '' }));
  const isNodeFit = major > 24 || (major === 24 && minor >= 16);
  if (isNodeFit && output.startsWith('12.')) return;
  throw new SetupError(
    `There is no pinned Node and pnpm for this platform (${process.platform} ${process.arch}), and this machine has Node ${process.versions.node} and pnpm ${output.trim() || 'not at all'}.`,
    'Install Node 24.16 or newer and pnpm 12 (npm install -g pnpm@12), then start again.',
  );
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
const environment = (env) => ({
  ...env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
});
