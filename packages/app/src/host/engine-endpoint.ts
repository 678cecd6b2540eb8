import type { Settings } from '@scanner/core/config';
import { type DockerEndpoint, resolveDockerHost } from '@scanner/scanner';

import type { CommandContext } from '../command-context.ts';

/**
 * Where the engine is. A setting that only repeats the environment is told as the environment's own.
 *
 * @throws ScannerError `setting_invalid`
 */
export const engineEndpoint = (
  { env, home }: Pick<CommandContext, 'env' | 'home'>,
  { DOCKER_HOST: named }: Pick<Settings, 'DOCKER_HOST'>,
): Promise<DockerEndpoint> =>
  resolveDockerHost({
    flag: named === null || named === env['DOCKER_HOST'] ? undefined : named,
    env,
    homeDir: home,
  });
