import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startOwnedProcess } from '../owned-process.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { engineOf } from './engine.ts';
import type { Engine } from './engine.ts';

/** What Podman is told. */
export interface PodmanOptions {
  /** Registries to speak to without TLS, such as `127.0.0.1:5000`. */
  readonly plainHttpRegistries?: readonly string[];
}

/** Starts Podman's service, which answers Docker's API on a socket, with a store of its own. Needs root. */
export async function startPodman(options: PodmanOptions = {}): Promise<Engine> {
  const directory = await temporaryDirectory();
  const root = directory.path;
  const socket = join(root, 'podman.sock');
  const places = ['root', 'runroot', 'tmpdir'].flatMap((option) => [`--${option}`, join(root, option)]);
  const drivers = ['--storage-driver', 'overlay', '--cgroup-manager', 'cgroupfs', '--events-backend', 'none'];
  const registries = join(root, 'registries.conf');
  await writeFile(registries, registriesConfiguration(options.plainHttpRegistries ?? []));
  try {
    const server = await startOwnedProcess({
      command: 'podman',
      args: [...places, ...drivers, 'system', 'service', '--time', '0', `unix://${socket}`],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: root,
        TMPDIR: root,
        XDG_RUNTIME_DIR: root,
        CONTAINERS_REGISTRIES_CONF: registries,
      },
      workingDirectory: root,
      logFile: join(root, 'engine.log'),
      isolated: true,
    });
    return await engineOf('podman', socket, server, directory);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
}

function registriesConfiguration(plainHttpRegistries: readonly string[]): string {
  return plainHttpRegistries.map((host) => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`).join('\n');
}
