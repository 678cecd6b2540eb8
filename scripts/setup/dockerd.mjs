import { join } from 'node:path';
import { provideGoPrograms } from './go-programs.mjs';
import { cache, root } from './places.mjs';

const version = '2.0.0-beta.10';
const module = 'github.com/moby/moby/v2';

/**
 * A Docker engine of today, which Debian has not got, built from the sources that `go.sum` pins.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the path of its `dockerd`
 */
export async function provideDockerd(env) {
  const home = join(cache, 'testbed', `moby-${version}`);
  await provideGoPrograms(
    {
      sources: join(root, 'packages', 'testing', 'moby-build'),
      home,
      tags: 'exclude_graphdriver_btrfs netgo osusergo',
      message: `Building the current Docker engine (Moby ${version}) from its pinned sources (5 minutes on 2 cores, once)`,
      programs: ['dockerd', 'docker-proxy'].map((name) => ({
        name,
        package: `${module}/cmd/${name}`,
        version: `${module}/dockerversion.Version=${version}`,
      })),
    },
    env,
  );
  return join(home, 'dockerd');
}
