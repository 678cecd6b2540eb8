import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { HostStatusDocument } from '@scanner/core';
import { type BaseImages, dockerPlugins, type Engine, placeDatabase, waitUntil } from '@scanner/testing';

import { type Ended, type Environment, type GtsUser, gtsUser } from './gts.ts';
import { readDocument } from './schemas.ts';

const SERVICE = 'image-scanner';
const PATIENCE_MS = 90_000;

/** What a compose file of the test's own says of the service, beside that it shares the machine's network. */
export interface ServiceOverride {
  readonly environment?: readonly string[];
  readonly volumes?: readonly string[];
  readonly network_mode?: string;
}

/** A host whose images are scanned from a container on a test engine, by `gts host up`. */
export interface ContainedHost extends AsyncDisposable {
  readonly user: GtsUser;
  /** `SCANNER_DIR`. */
  readonly directory: string;
  /** The name of the service's container, which each Compose makes in its own way. */
  container(): Promise<string>;
  /** `gts host` with the test's own compose file. */
  host(args: readonly string[], environment?: Environment): Promise<Ended>;
  status(): Promise<HostStatusDocument>;
  /** The status once this holds for it. */
  statusWhere(holds: (status: HostStatusDocument) => boolean, what: string): Promise<HostStatusDocument>;
  /** A Go template over `docker inspect` of the container. */
  inspect(template: string): Promise<string>;
  /** Runs a piece of JavaScript in the container and gives what it prints. */
  evaluate(code: string): Promise<string>;
  /** The environments of the processes of containers of this host, by what they were started with. */
  processes(): Promise<readonly ContainedProcess[]>;
}

export interface ContainedProcess {
  /** As this side sees it. */
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

export interface ContainedHostOptions {
  readonly engine: Engine;
  readonly bases: BaseImages;
  readonly environment?: Environment;
  readonly override?: ServiceOverride;
  /** Which Compose is there: Debian's `docker-compose` of old, or `docker compose`. */
  readonly compose?: 1 | 2;
}

/** The name under which all hosts of a test build and start the image. */
export const IMAGE = 'testbed/image-scanner:1';

/** With the first generation of the database in place, and nothing to update it from. */
export const containedHost = async ({
  engine,
  bases,
  environment = {},
  override = {},
  compose = 2,
}: ContainedHostOptions): Promise<ContainedHost> => {
  const project = `gts-test-${randomUUID().slice(0, 8)}`;
  const user = await gtsUser({
    PATH: process.env['PATH'],
    DOCKER_HOST: engine.dockerHost,
    // The builder that every engine has; Debian's command line has no other.
    DOCKER_BUILDKIT: '0',
    DOCKER_CONFIG: compose === 2 ? await dockerConfiguration() : undefined,
    COMPOSE_PROJECT_NAME: project,
    SCANNER_IMAGE: IMAGE,
    ...bases,
    TRIVY_SKIP_DB_UPDATE: '1',
    TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    ...environment,
  });
  const file = join(user.workingDirectory, 'test.yaml');
  // The engine has no network for containers of their own.
  const service = { build: { context: '..', network: 'host' }, network_mode: 'host', ...override };
  await writeFile(file, JSON.stringify({ services: { [SERVICE]: service } }));
  await placeDatabase(join(user.directory, 'cache'), 1);
  const host: ContainedHost['host'] = (args, more) => user.gts(['host', ...args, '--file', file], more);
  const status = async (): Promise<HostStatusDocument> =>
    readDocument(HostStatusDocument, (await host(['status', '--json'])).stdout);
  const container = async (): Promise<string> => (await status()).service.container ?? 'none';
  return {
    user,
    directory: user.directory,
    container,
    host,
    status,
    statusWhere: (holds, what) =>
      waitUntil(
        async () => {
          const now = await status();
          return holds(now) ? now : undefined;
        },
        { what, timeoutMs: PATIENCE_MS, everyMs: 200 },
      ),
    inspect: async (template) => engine.docker(['inspect', '--format', template, await container()]),
    evaluate: async (code) => engine.docker(['exec', await container(), 'node', '-e', code]),
    processes: () => processesIn(user.directory),
    [Symbol.asyncDispose]: async () => {
      await host(['down']);
      await user[Symbol.asyncDispose]();
    },
  };
};

/** Of a user whose `docker` has Compose 2 and buildx. */
export const dockerConfiguration = async (): Promise<string> => {
  const plugins = await dockerPlugins();
  const directory = join(plugins, 'configuration');
  await mkdir(join(directory, 'cli-plugins'), { recursive: true });
  for (const name of ['docker-compose', 'docker-buildx'])
    await symlink(join(plugins, name), join(directory, 'cli-plugins', name)).catch(() => {});
  return directory;
};

/** Told by what is mounted for them: the engine counts its processes by itself. */
const processesIn = async (directory: string): Promise<readonly ContainedProcess[]> => {
  const mounted = `/${basename(dirname(dirname(directory)))}/${basename(dirname(directory))}/${basename(directory)}/state `;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      if (!(await contentOf(`/proc/${pid}/mountinfo`)).includes(mounted)) return [];
      const [commandLine = '', environment = ''] = await Promise.all(
        ['cmdline', 'environ'].map((name) => contentOf(`/proc/${pid}/${name}`)),
      );
      return [{ pid: Number(pid), commandLine: commandLine.replaceAll('\0', ' ').trim(), environment }];
    }),
  );
  return found.flat();
};

/** A process may have ended since it was listed. */
const contentOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** The real Trivy in the container, behind a program that lets so many scans through and holds the others back. */
export interface HeldTrivy {
  readonly override: ServiceOverride;
  /** How many scans were begun until now. */
  begun(): Promise<number>;
  release(): Promise<void>;
}

/** @param directory is mounted into the container */
export const holdTrivy = async (directory: string, freeScans: number): Promise<HeldTrivy> => {
  await mkdir(directory, { recursive: true });
  const marks = async (): Promise<number> =>
    (await readdir(directory)).filter((name) => name.startsWith('scan-')).length;
  await writeFile(join(directory, 'trivy'), holdingProgram(freeScans), { mode: 0o755 });
  return {
    override: { environment: ['TRIVY_PATH=/held/trivy', 'SCAN_CONCURRENCY=1'], volumes: [`${directory}:/held`] },
    begun: marks,
    release: () => writeFile(join(directory, 'gate'), ''),
  };
};

/** There is no shell in the container. */
const holdingProgram = (freeScans: number): string => `#!/usr/local/bin/node
const { existsSync, readdirSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
const run = () => process.exit(spawnSync('/usr/local/bin/trivy', args, { stdio: 'inherit' }).status ?? 1);
if (args[0] !== 'image') run();
const before = readdirSync('/held').filter((name) => name.startsWith('scan-')).length;
writeFileSync('/held/scan-' + before, '');
if (before < ${freeScans}) run();
setInterval(() => existsSync('/held/gate') && run(), 50);
`;
