import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withGo } from './go.mjs';
import { cache } from './places.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { runStep } from './run.mjs';
import { SetupError, during } from './say.mjs';

const module = 'github.com/aquasecurity/trivy';

/** They carried malicious code: not even their source is fetched. */
const refused = new Set(['0.69.4', '0.69.5', '0.69.6']);

const hint = 'Check that this machine reaches its Go module proxy and has 8 GB of disk left, then try again.';

/**
 * A Trivy of that version, built once from the Go module proxy, for tests alone.
 *
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the path of the executable
 * @throws {SetupError} for what is no release, or a refused one; and where it cannot be built
 */
export async function provideTrivyVersion(version, env) {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new SetupError(`${version} is no release of Trivy`, 'Give it as in 0.72.0.');
  if (refused.has(version))
    throw new SetupError(`Trivy ${version} carried malicious code and is not built`, 'Name another version.');
  const home = join(cache, 'testbed', 'trivys', version);
  const executable = join(home, 'trivy');
  if (!existsSync(executable))
    await during(`Building Trivy ${version} from the Go module proxy (10 minutes on 2 cores, once)`, async () =>
      buildVersion(version, home, await withGo(env)),
    );
  return executable;
}

/**
 * @param {string} version
 * @param {string} home
 * @param {NodeJS.ProcessEnv} env
 */
async function buildVersion(version, home, env) {
  const scratch = await mkdtemp(join(tmpdir(), 'gts-trivy-'));
  const goEnvironment = { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
  /**
   * @param {readonly string[]} args
   * @param {string} experiment
   */
  const go = (args, experiment = '') =>
    runStep('go', args, { cwd: scratch, env: { ...goEnvironment, GOEXPERIMENT: experiment }, hint });
  try {
    await go(['mod', 'init', 'example.org/trivy-build']);
    await go(['get', `${module}/cmd/trivy@v${version}`]);
    await publishDirectory(home, async (directory) => {
      const build = buildArguments(version, join(directory, 'trivy'));
      await go(build).catch((error) => {
        if (!needsNewJson(error)) throw error;
        return go(build, 'jsonv2');
      });
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {string} version
 * @param {string} output
 */
const buildArguments = (version, output) => [
  'build',
  '-trimpath',
  `-ldflags=-s -w -X ${module}/pkg/version/app.ver=${version}`,
  `-o=${output}`,
  `${module}/cmd/trivy`,
];

/**
 * Newer Trivys use a package of Go that is still an experiment, which the compiler says at once.
 *
 * @param {unknown} error
 */
const needsNewJson = (error) => error instanceof SetupError && error.message.includes('encoding/json/v2');
