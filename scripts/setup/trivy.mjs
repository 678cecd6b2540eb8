import { join } from 'node:path';
import { hasGo, withGo } from './go.mjs';
import { root } from './places.mjs';
import { run, throwIfInterrupted } from './run.mjs';
import { SetupError, during } from './say.mjs';

const gts = join(root, 'packages', 'cli', 'dist', 'main.js');

/**
 * Sees to it that there is a Trivy to drive: the one that `gts` finds, or the one that it then installs.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @returns {Promise<string>} the path of the executable
 * @throws {SetupError} where none can be had
 */
export async function provideTrivy({ node, env }) {
  const found = await locateTrivy(node, ['version'], env);
  if (found.path !== undefined) return found.path;
  const explicit = env.TRIVY_PATH;
  if (explicit)
    throw new SetupError(found.output, `Unset TRIVY_PATH, or let it name a Trivy that runs (it is ${explicit}).`);
  const installed = await during(
    'Installing Trivy: the signed release or, where it is out of reach, a build from its pinned sources (10 minutes on 2 cores, once)',
    () => installTrivy(node, env),
  );
  if (installed.path !== undefined) return installed.path;
  throw new SetupError(
    installed.output,
    'Install Trivy 0.72.0 or newer by hand and put it on the PATH or name it by TRIVY_PATH, then start again.',
  );
}

/**
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
async function installTrivy(node, env) {
  const buildable = (await hasGo(env)) ? await withGo(env) : env;
  return locateTrivy(node, ['install'], buildable);
}

/**
 * @param {string} node
 * @param {readonly string[]} action
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ path?: string, output: string }>}
 */
async function locateTrivy(node, action, env) {
  const { code, output, stdout } = await run(node, [gts, 'trivy', ...action, '--json'], { env });
  throwIfInterrupted(code);
  if (code !== 0) return { output };
  return { output, path: JSON.parse(stdout).path };
}
