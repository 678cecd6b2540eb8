import { join } from 'node:path';

import { DEFAULT_CONTEXT, findTls, readContext, readCurrentContext } from './docker-context.ts';
import type { DockerEndpoint, DockerTls } from './docker-endpoint.ts';
import { DEFAULT_SOCKET, parseDockerHost } from './docker-endpoint.ts';

export interface DockerHostQuestion {
  /** What `--docker-host` said. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/**
 * Finds the Docker engine as the Docker CLI does: the flag, `DOCKER_HOST`, `DOCKER_CONTEXT`, the context chosen by
 * `docker context use`, `/var/run/docker.sock`. Empty variables count as not set. Looks at files, not at the engine.
 *
 * @throws ScannerError `setting_invalid` when what was named cannot be used
 */
export const resolveDockerHost = async ({ flag, env, homeDir }: DockerHostQuestion): Promise<DockerEndpoint> => {
  const configDir = env['DOCKER_CONFIG'] || join(homeDir, '.docker');
  const named = flag || env['DOCKER_HOST'];
  if (named) return parseDockerHost(named, await environmentTls(env, configDir), flag ? 'flag' : 'environment');

  const context = env['DOCKER_CONTEXT'] || (await readCurrentContext(configDir));
  return context === null || context === DEFAULT_CONTEXT
    ? { host: DEFAULT_SOCKET, tls: null, origin: 'default' }
    : readContext(configDir, context);
};

/** `DOCKER_TLS_VERIFY` and `DOCKER_TLS` turn TLS on by being set at all; the files are the CLI's own. */
const environmentTls = async (env: DockerHostQuestion['env'], configDir: string): Promise<DockerTls | null> => {
  const verify = Boolean(env['DOCKER_TLS_VERIFY']);
  if (!verify && !env['DOCKER_TLS']) return null;
  const directory = env['DOCKER_CERT_PATH'] || configDir;
  return (await findTls(directory, verify)) ?? { ca: null, cert: null, key: null, verify };
};
