import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startOwnedProcess } from '../owned-process.ts';
import type { OwnedProcess } from '../owned-process.ts';
import { currentDockerd } from '../real-programs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { waitUntil } from '../wait-until.ts';
import { askEngine } from './ask-engine.ts';
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

/** An engine whose containers live on while it is restarted, as with `live-restore` set. */
export interface RestartableEngine extends Engine {
  /** Ends it and starts it again, with a new socket in the old one's place; resolves once that answers. */
  restart(): Promise<void>;
}

/** As `startClassicEngine`, with `live-restore`. */
export async function startRestartableEngine(): Promise<RestartableEngine> {
  const engine = await startDockerEngine('classic', 'dockerd', LIVING_ON);
  const socket = engine.dockerHost.replace('unix://', '');
  return {
    ...engine,
    restart: async () => {
      const { ino: before } = await stat(socket);
      engine.kill('SIGUSR1');
      await waitUntil(
        async () => {
          if ((await stat(socket)).ino === before) return undefined;
          return askEngine(socket, '/version');
        },
        { what: 'the restarted engine', timeoutMs: RESTART_TIMEOUT_MS },
      );
    },
  };
}

const RESTART_TIMEOUT_MS = 60_000;

/** How the daemons of an engine are run. */
interface Launch {
  /** A script that is given containerd's configuration, and the engine with its options. */
  readonly script: string;
  readonly options: readonly string[];
}

const TOGETHER: Launch = { script: 'containerd --config "$0" & exec "$@"', options: [] };

/** The shell starts the engine again whenever it ends, and ends it when it is asked to: for a restart with SIGUSR1. */
const LIVING_ON: Launch = {
  script: [
    'containerd --config "$0" &',
    "trap 'kill $engine' USR1",
    "trap 'exit 0' TERM",
    'while :; do "$@" & engine=$!; while kill -0 $engine 2>/dev/null; do wait $engine; done; done',
  ].join('\n'),
  options: ['--live-restore'],
};

async function startDockerEngine(
  name: 'classic' | 'current',
  dockerd: string,
  launch: Launch = TOGETHER,
): Promise<Engine> {
  const directory = await temporaryDirectory();
  const socket = join(directory.path, 'docker.sock');
  try {
    const server = await startDaemons(dockerd, { root: directory.path, socket, launch });
    return await engineOf(name, socket, server, directory);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

/** Both daemons share one process namespace whose first process ends with all others: dockerd, or the shell around it. */
async function startDaemons(
  dockerd: string,
  { root, socket, launch }: { readonly root: string; readonly socket: string; readonly launch: Launch },
): Promise<OwnedProcess> {
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
      launch.script,
      containerdConfig,
      dockerd,
      '--config-file',
      daemonConfig,
      ...sockets,
      ...places,
      ...noNetwork,
      ...launch.options,
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
