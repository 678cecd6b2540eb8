import { execa } from 'execa';
import { z } from 'zod';

import type { OwnedProcess } from '../owned-process.ts';
import type { TemporaryDirectory } from '../temporary-directory.ts';
import { waitUntil } from '../wait-until.ts';
import { askEngine } from './ask-engine.ts';

/** A real container engine with nothing in it, started for a test. Disposing stops it and removes all its data. */
export interface Engine extends AsyncDisposable {
  readonly name: 'classic' | 'current' | 'podman';
  /** Value for `DOCKER_HOST`: a unix socket of its own. */
  readonly dockerHost: string;
  /** Newest version of the Docker API that it speaks, such as `1.41`. */
  readonly apiVersion: string;
  /** The engine's process. */
  readonly pid: number;
  /** Asks its API with GET, such as `/v1.41/images/json`, and returns the body of the answer. Throws on a refusal. */
  ask(path: string, signal: AbortSignal): Promise<string>;
  /** Runs the Docker command line against this engine and returns what it printed. Throws when that fails. */
  docker(args: readonly string[]): Promise<string>;
  /** Loads an archive of images. */
  load(archivePath: string): Promise<void>;
  /** Sends a signal to the engine: `SIGKILL` for its sudden end, `SIGSTOP` for one that hangs. */
  kill(signal: NodeJS.Signals): void;
  /** Stops it and removes its data. Harmless when repeated. */
  stop(): Promise<void>;
}

const VersionAnswer = z.object({ ApiVersion: z.string(), MinAPIVersion: z.string() });

const START_TIMEOUT_MS = 60_000;

/** The oldest API that the command line of every supported Debian speaks. */
const OLDEST_CLI_API = '1.41';

/** Waits until a started engine answers and describes it. Takes over the process and the directory. */
export async function engineOf(
  name: Engine['name'],
  socket: string,
  server: OwnedProcess,
  directory: TemporaryDirectory,
): Promise<Engine> {
  const stop = async (): Promise<void> => {
    await server.stop();
    await directory[Symbol.asyncDispose]();
  };
  try {
    const { apiVersion, minApiVersion } = await answerOf(socket, server);
    const docker = dockerCommandLine(`unix://${socket}`, directory.path, minApiVersion);
    return {
      name,
      dockerHost: `unix://${socket}`,
      apiVersion,
      pid: server.pid,
      ask: (path, signal) => askEngine(socket, path, signal),
      docker,
      load: async (archivePath) => {
        await docker(['load', '--quiet', '--input', archivePath]);
      },
      kill: (signal) => server.kill(signal),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    const log = await server.logTail();
    await stop();
    throw new Error(`The ${name} engine did not start. The end of its log:\n${log}`, { cause: error });
  }
}

async function answerOf(socket: string, server: OwnedProcess): Promise<{ apiVersion: string; minApiVersion: string }> {
  const answer = await waitUntil(() => (server.running ? askEngine(socket, '/version') : null), {
    what: `an answer on ${socket}`,
    timeoutMs: START_TIMEOUT_MS,
  });
  if (answer === null) throw new Error('The engine ended by itself.');
  const { ApiVersion, MinAPIVersion } = VersionAnswer.parse(JSON.parse(answer));
  return { apiVersion: ApiVersion, minApiVersion: MinAPIVersion };
}

function dockerCommandLine(host: string, home: string, minApiVersion: string): Engine['docker'] {
  // An older command line would ask in its own version only, which a current engine refuses.
  const spoken = minorOf(minApiVersion) > minorOf(OLDEST_CLI_API) ? minApiVersion : OLDEST_CLI_API;
  return async (args) => {
    const { stdout } = await execa('docker', ['--host', host, ...args], {
      extendEnv: false,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, DOCKER_CONFIG: home, DOCKER_API_VERSION: spoken },
    });
    return stdout;
  };
}

function minorOf(apiVersion: string): number {
  return Number(apiVersion.split('.')[1] ?? 0);
}
