import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withGo } from './go.mjs';
import { cache, root } from './places.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { runStep } from './run.mjs';
import { during } from './say.mjs';
import { fingerprint, isStamped, leaveStamp } from './stamp.mjs';

const sources = join(root, 'packages', 'testing', 'moby-build');
const version = '2.0.0-beta.10';
const module = 'github.com/moby/moby/v2';
const executables = ['dockerd', 'docker-proxy'];

/**
 * A Docker engine of today, which Debian has not got, built from the sources that `go.sum` pins.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the path of its `dockerd`
 */
export async function provideDockerd(env) {
  const home = join(cache, 'testbed', `moby-${version}`);
  const current = await fingerprint(sources, [join(sources, 'go.mod'), join(sources, 'go.sum')], [process.arch]);
  const stamp = join(home, 'built-from');
  if (!(await isStamped(stamp, current))) {
    await during(
      `Building the current Docker engine (Moby ${version}) from its pinned sources (5 minutes on 2 cores, once)`,
      async () => {
        const buildEnvironment = await withGo(env);
        await rm(home, { recursive: true, force: true });
        await publishDirectory(home, async (directory) => {
          for (const name of executables) await buildExecutable(name, directory, buildEnvironment);
          await leaveStamp(join(directory, 'built-from'), current);
        });
      },
    );
  }
  return join(home, 'dockerd');
}

/**
 * @param {string} name
 * @param {string} directory
 * @param {NodeJS.ProcessEnv} env
 */
const buildExecutable = (name, directory, env) =>
  runStep(
    'go',
    [
      'build',
      '-trimpath',
      '-tags=exclude_graphdriver_btrfs netgo osusergo',
      `-ldflags=-s -w -X ${module}/dockerversion.Version=${version}`,
      `-o=${join(directory, name)}`,
      `${module}/cmd/${name}`,
    ],
    {
      cwd: sources,
      env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
      hint: 'Check that this machine reaches its Go module proxy and has 3 GB of disk left, then run npm test again.',
    },
  );
