import { join } from 'node:path';
import { hasGo, withGo } from './go.mjs';
import { root } from './places.mjs';
import { run, throwIfInterrupted } from './run.mjs';
import { SetupError, during } from './say.mjs';

const gts = join(root, 'packages', 'cli', 'dist', 'main.js');

/** Trivy is built where its releases are out of reach, and any Go is enough: a newer one is fetched through it. */
const otherWays =
  'Or install Go (Debian: apt-get install golang-go), or Trivy itself, on the PATH or named by TRIVY_PATH; then start again.';

/**
 * Sees to it that there is a Trivy to drive: the one that `gts` finds, or the one that it then installs.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @returns {Promise<string>} the path of the executable
 * @throws {SetupError} where none can be had
 */
export async function provideTrivy({ node, env }) {
  const found = await askGts(node, 'version', env);
  if ('path' in found) return found.path;
  if (env.TRIVY_PATH || found.error.code !== 'trivy_missing')
    throw new SetupError(found.error.message, found.error.hint);
  return during(
    'Installing Trivy: the signed release or, where it is out of reach, a build from its pinned sources (10 minutes on 2 cores, once)',
    () => installTrivy(node, env),
  );
}

/**
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
async function installTrivy(node, env) {
  const installed = await askGts(node, 'install', (await hasGo(env)) ? await withGo(env) : env);
  if ('path' in installed) return installed.path;
  const { message, hint } = installed.error;
  throw new SetupError(`Trivy cannot be installed: ${message}`, `${hint}.\n${otherWays}`);
}

/**
 * @param {string} node
 * @param {'version' | 'install'} action
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ path: string } | { error: { code: string, message: string, hint: string } }>} the command's JSON document
 */
async function askGts(node, action, env) {
  const { code, output, stdout } = await run(node, [gts, 'trivy', action, '--json'], { env });
  throwIfInterrupted(code);
  const hasAnswered = stdout.trimStart().startsWith('{');
  if (!hasAnswered) throw new SetupError(`gts trivy ${action} failed with exit code ${code}:\n${output.trimEnd()}`, '');
  return JSON.parse(stdout);
}
