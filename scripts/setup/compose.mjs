import { join } from 'node:path';
import { provideGoPrograms } from './go-programs.mjs';
import { cache, root } from './places.mjs';

const version = '2.40.3';
const buildxVersion = '0.29.1';

/**
 * Compose 2 and BuildKit's command line, which Debian has not got, built from the sources that `go.sum` pins.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} a directory of plugins for `docker`
 */
export async function provideCompose(env) {
  const home = join(cache, 'testbed', `compose-${version}`);
  await provideGoPrograms(
    {
      sources: join(root, 'packages', 'testing', 'compose-build'),
      home,
      tags: 'netgo osusergo',
      message: `Building Compose ${version} and buildx ${buildxVersion} from their pinned sources (3 minutes on 2 cores, once)`,
      programs: [
        {
          name: 'docker-compose',
          package: 'github.com/docker/compose/v2/cmd',
          version: `github.com/docker/compose/v2/internal.Version=v${version}`,
        },
        {
          name: 'docker-buildx',
          package: 'github.com/docker/buildx/cmd/buildx',
          version: `github.com/docker/buildx/version.Version=v${buildxVersion}`,
        },
      ],
    },
    env,
  );
  return home;
}
