import { existsSync } from 'node:fs';
import { chmod, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cache } from './places.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { run, runStep } from './run.mjs';
import { SetupError, during } from './say.mjs';
import { filesBelow } from './stamp.mjs';

const oldestFit = '1.26.3';
const pinned = '1.26.8';

/** What the Go module proxy serves as the toolchain of the pinned release, by Node's name of the processor. */
const toolchains = /** @type {Record<string, { platform: string, sum: string } | undefined>} */ ({
  x64: { platform: 'linux-amd64', sum: 'h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=' },
  arm64: { platform: 'linux-arm64', sum: 'h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=' },
});

/**
 * An environment in which `go` is new enough for the modules that are built here. An older Go on this machine is enough
 * to fetch a new one: the Go module proxy serves it as a module, whose hash is pinned here.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NodeJS.ProcessEnv>}
 * @throws {SetupError} where there is no Go at all
 */
export async function withGo(env) {
  const found = await goVersion(env);
  if (found !== undefined && isAtLeast(found, oldestFit)) return env;
  const home = join(cache, 'go', pinned);
  if (!existsSync(home)) {
    if (found === undefined) throw goIsMissing();
    await during(`Fetching Go ${pinned} through the Go module proxy (75 MB), since Go ${found} is too old`, () =>
      fetchToolchain(home, env),
    );
  }
  return { ...env, PATH: `${join(home, 'bin')}${delimiter}${env.PATH}`, GOTOOLCHAIN: 'local' };
}

/**
 * Whether any Go is on the path: one that is too old is enough to fetch a newer one.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export const hasGo = async (env) => existsSync(join(cache, 'go', pinned)) || (await goVersion(env)) !== undefined;

/**
 * @param {string} version
 * @param {string} oldest
 */
export function isAtLeast(version, oldest) {
  const parts = version.split('.').map(Number);
  const wanted = oldest.split('.').map(Number);
  const index = wanted.findIndex((part, place) => part !== (parts[place] ?? 0));
  return index === -1 || (parts[index] ?? 0) > (wanted[index] ?? 0);
}

/** @param {NodeJS.ProcessEnv} env */
async function goVersion(env) {
  const { output } = await run('go', ['version'], { env: { ...env, GOTOOLCHAIN: 'local' } }).catch(() => ({
    output: '',
  }));
  return /\bgo(\d+(?:\.\d+)+)/.exec(output)?.[1];
}

/**
 * @param {string} home
 * @param {NodeJS.ProcessEnv} env
 */
async function fetchToolchain(home, env) {
  const toolchain = toolchains[process.arch];
  if (process.platform !== 'linux' || toolchain === undefined) throw goIsMissing();
  const name = `golang.org/toolchain@v0.0.1-go${pinned}.${toolchain.platform}`;
  const answer = await runStep('go', ['mod', 'download', '-json', name], {
    env: { ...env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' },
    cwd: tmpdir(),
    hint: 'Check that this machine reaches its Go module proxy, then start again.',
  });
  /** @type {{ Dir: string, Sum: string }} */
  const { Dir: unpacked, Sum: sum } = JSON.parse(answer);
  if (sum !== toolchain.sum) {
    throw new SetupError(
      `The module proxy's Go ${pinned} has the hash ${sum} in place of ${toolchain.sum}: it is not used.`,
      `Install Go ${oldestFit} or newer from a source you trust, then start again.`,
    );
  }
  await publishDirectory(home, (directory) => copyRunnable(unpacked, directory));
}

/**
 * Modules are unpacked read-only and without the right to execute.
 *
 * @param {string} from
 * @param {string} to
 */
async function copyRunnable(from, to) {
  await cp(from, to, { recursive: true });
  const executables = [...(await filesBelow(join(to, 'bin'))), ...(await filesBelow(join(to, 'pkg', 'tool')))];
  for (const file of executables) await chmod(file, 0o755);
}

const goIsMissing = () =>
  new SetupError(
    `Go is needed here to build from source what cannot be downloaded, and there is none on the PATH.`,
    `Install any Go (Debian: apt-get install golang-go; a newer one is then fetched through it) or Go ${oldestFit} itself, then start again.`,
  );
