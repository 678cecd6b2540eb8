import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startOwnedProcess } from '../owned-process.ts';
import type { OwnedProcess } from '../owned-process.ts';
import { currentDockerd } from '../real-programs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { engineOf } from './engine.ts';
import type { Engine } from './engine.ts';

/**
 * Starts Debian's Docker engine (API 1.41) with its classic image store, where an image's ID is the digest of its
 * configuration. Needs root. It has no network for containers.
 */
export function startClassicEngine(): Promise<Engine> {
  return startDockerEngine('classic', 'dockerd');
}

/**
 * Starts a Docker engine of a current release (API 1.52 or newer) with its containerd image store, where an image's ID
 * is the digest of a manifest or of an index of several platforms. Needs root. It has no network for containers.
 */
export async function startCurrentEngine(): Promise<Engine> {
  return startDockerEngine('current', await currentDockerd());
}

async function startDockerEngine(name: 'classic' | 'current', dockerd: string): Promise<Engine> {
  const directory = await temporaryDirectory();
  const socket = join(directory.path, 'docker.sock');
  try {
    const server = await startDaemons(dockerd, directory.path, socket);
    return await engineOf(name, socket, server, directory);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

/** Both daemons share one process namespace whose first process is dockerd, so that containerd ends with it. */
async function startDaemons(dockerd: string, root: string, socket: string): Promise<OwnedProcess> {
  const containerdSocket = join(root, 'containerd.sock');
  const containerdConfig = join(root, 'containerd.toml');
  await writeFile(containerdConfig, containerdConfiguration(root, containerdSocket));
  const daemonConfig = join(root, 'daemon.json');
  await writeFile(daemonConfig, '{}');
  const sockets = ['--containerd', containerdSocket, '--host', `unix://${socket}`];
  const places = ['data-root', 'exec-root', 'pidfile'].flatMap((option) => [`--${option}`, join(root, option)]);
  const noNetwork = ['--bridge', 'none', '--iptables=false', '--ip6tables=false'];
  return startOwnedProcess({
    command: '/bin/sh',
    args: [
      '-c',
      'containerd --config "$0" & exec "$@"',
      containerdConfig,
      dockerd,
      '--config-file',
      daemonConfig,
      ...sockets,
      ...places,
      ...noNetwork,
    ],
    env: { PATH: systemPath(), HOME: root, TMPDIR: root },
    workingDirectory: root,
    logFile: join(root, 'engine.log'),
    isolated: true,
  });
}

function containerdConfiguration(root: string, socket: string): string {
  return [
    'version = 2',
    `root = ${JSON.stringify(join(root, 'containerd'))}`,
    `state = ${JSON.stringify(join(root, 'containerd-state'))}`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
    '',
  ].join('\n');
}

/** Daemons and their tools live where an ordinary user's search path does not lead. */
function systemPath(): string {
  return ['/usr/local/sbin', '/usr/sbin', '/sbin', process.env['PATH'] ?? '/usr/bin:/bin'].join(':');
}
