import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type CommandContext, type CommonFlags, readSettings, type ReadSettings } from '@scanner/app';
import { engineEndpoint } from '@scanner/app/host';
import { parseDotEnv, SETTING_NAMES, type SettingName, settingsError } from '@scanner/core/config';
import { createDockerEngine, type DockerEndpoint, type ServiceContainer, ServiceContainers } from '@scanner/scanner';

import { composeFailed, ComposeProgram, type ComposeOutput } from './compose-program.ts';
import { makeServiceDirectory, type Owner, ownerOf } from './service-directory.ts';
import { serviceEnvironment, unpassable, withoutEffect } from './service-environment.ts';
import { noEnvFile, serviceFiles } from './service-files.ts';

/** What commander makes of the options that say which service is meant. */
export interface ServiceFlags extends CommonFlags {
  readonly socketProxy?: boolean;
  readonly file?: readonly string[];
}

export const SERVICE = 'image-scanner';

/** What docker/Dockerfile gives the image and the stages that it is made in. */
export const IMAGE_LABEL = 'org.opencontainers.image.title=image-scanner';

/** Where the container has the state directory. */
const STATE_IN_CONTAINER = '/state';

/** The daemon's container on this host, as Compose builds, starts and stops it. */
export class HostService {
  readonly directory: string;
  readonly read: ReadSettings;
  readonly #context: CommandContext;
  readonly #files: readonly string[];
  readonly #endpoint: DockerEndpoint;

  private constructor(parts: {
    readonly context: CommandContext;
    readonly read: ReadSettings;
    readonly files: readonly string[];
    readonly endpoint: DockerEndpoint;
  }) {
    this.#context = parts.context;
    this.read = parts.read;
    this.directory = resolve(parts.context.cwd, parts.read.settings.SCANNER_DIR);
    this.#files = parts.files;
    this.#endpoint = parts.endpoint;
  }

  /**
   * A service that may be there: where it is and what it is called, whatever other settings say by now.
   *
   * @throws ScannerError `setting_invalid`, `compose_missing`
   */
  static async find(context: CommandContext, flags: ServiceFlags): Promise<HostService> {
    const placed = { ...context, env: withoutSettings(context.env) };
    const read = readSettings(placed, flags, { layout: 'user' });
    const directory = resolve(context.cwd, read.settings.SCANNER_DIR);
    const dotEnv = await readFile(join(directory, '.env'), 'utf8').catch(() => null);
    const DOCKER_HOST = read.settings.DOCKER_HOST ?? (parseDotEnv(dotEnv ?? '')['DOCKER_HOST'] || null);
    return HostService.#at(placed, flags, { ...read, dotEnv, settings: { ...read.settings, DOCKER_HOST } });
  }

  /**
   * Looks at all that was set; nothing is started or made yet.
   *
   * @throws ScannerError `setting_invalid`, `compose_missing`
   */
  static of(context: CommandContext, flags: ServiceFlags): Promise<HostService> {
    return HostService.#at(context, flags, readSettings(context, flags, { layout: 'directory' }));
  }

  static async #at(context: CommandContext, flags: ServiceFlags, read: ReadSettings): Promise<HostService> {
    const endpoint = await engineEndpoint(context, read.settings);
    const files = serviceFiles({
      cwd: context.cwd,
      socketProxy: flags.socketProxy ?? false,
      more: flags.file ?? [],
    });
    const service = new HostService({ context, read, files, endpoint });
    const problems = unpassable({ env: context.env, cwd: context.cwd, read, directory: service.directory });
    if (!endpoint.host.startsWith('unix://')) problems.push(noSocket(endpoint));
    if (problems.length > 0) throw settingsError(problems);
    return service;
  }

  /**
   * Compose with everything it is to know, for a service that is to start: what is missing of its directory is made.
   *
   * @throws ScannerError as `open` does, and `directory_unusable`
   */
  async prepare(): Promise<OpenService> {
    const { console } = this.#context;
    for (const name of withoutEffect(this.read))
      console.log.warn(`${name} has no effect on the service: the volumes of docker/compose.yaml say where things lie`);
    return this.#open(makeServiceDirectory);
  }

  /**
   * The same for a service that may be there already; nothing is made.
   *
   * @throws ScannerError as `DockerEngine.describe` does, and `compose_missing`
   */
  open(): Promise<OpenService> {
    return this.#open(ownerOf);
  }

  async #open(directoryOwner: (directory: string) => Promise<Owner>): Promise<OpenService> {
    const { signal, console, env, cwd } = this.#context;
    await createDockerEngine(this.#endpoint, { log: console.log }).describe(signal);
    const path = this.#endpoint.host.slice('unix://'.length);
    const { uid, gid } = await stat(path);
    const environment = serviceEnvironment({
      env,
      cwd,
      read: this.read,
      directory: this.directory,
      owner: await directoryOwner(this.directory),
      socket: { path, uid, gid },
    });
    return new OpenService(await ComposeProgram.find(environment, signal), {
      environment,
      options: [
        '--project-name',
        this.project,
        '--env-file',
        noEnvFile(),
        ...this.#files.flatMap((path) => ['-f', path]),
      ],
      signal,
    });
  }

  /** Where the daemon leaves what it has to tell, as its volume says. */
  get state(): string {
    return join(this.directory, 'state');
  }

  /** @throws ScannerError as `DockerEngine.list` does */
  async container(): Promise<ServiceContainer | null> {
    using containers = await this.containers();
    return (await this.found(containers))[0] ?? null;
  }

  /** @throws ScannerError as `DockerEngine.list` does */
  containers(): Promise<ServiceContainers> {
    return ServiceContainers.open(this.#endpoint, this.#context.signal);
  }

  /**
   * The containers of the service, whoever started them: the one that is meant first.
   *
   * @throws ScannerError as `DockerEngine.list` does
   */
  found(containers: ServiceContainers): Promise<readonly ServiceContainer[]> {
    const mounted = { source: this.state, target: STATE_IN_CONTAINER };
    return containers.find({ project: this.project, service: SERVICE, imageLabel: IMAGE_LABEL, mounted });
  }

  /**
   * Removes the containers that use the same directory and that Compose, as it is called here, does not know: those that
   * were started under another project's name, or without Compose.
   *
   * @throws ScannerError as `ServiceContainers.remove` does
   */
  async removeOthers(): Promise<void> {
    const { console } = this.#context;
    using containers = await this.containers();
    for (const container of await this.found(containers)) {
      if (container.project === this.project) continue;
      const from = container.project === null ? 'started without Compose' : `of the project ${container.project}`;
      await containers.remove(container);
      console.say(console.inert(`removed the container ${container.name}, ${from}, which used the same directory`));
    }
  }

  /** The name by which Compose tells its containers from others. */
  get project(): string {
    const { COMPOSE_PROJECT_NAME: written } = parseDotEnv(this.read.dotEnv ?? '');
    return this.#context.env['COMPOSE_PROJECT_NAME'] || written || SERVICE;
  }
}

/** Those that say where the service is are left. */
const withoutSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_ASKED_FOR.has(name)));

const ASKED_FOR: ReadonlySet<SettingName> = new Set(['SCANNER_DIR', 'DOCKER_HOST']);

const NOT_ASKED_FOR: ReadonlySet<string> = new Set(
  SETTING_NAMES.flatMap((name) => (ASKED_FOR.has(name) ? [] : [name, `${name}_FILE`])),
);

const noSocket = ({ host }: DockerEndpoint) => ({
  setting: 'DOCKER_HOST',
  value: host,
  accepted: 'unix:///path/of/a/socket on this machine, which is mounted; run gts on the machine whose engine is meant',
});

interface OpenServiceParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly options: readonly string[];
  readonly signal: AbortSignal;
}

/** Compose, filled in for one host. */
export class OpenService {
  readonly #compose: ComposeProgram;
  readonly #parts: OpenServiceParts;

  constructor(compose: ComposeProgram, parts: OpenServiceParts) {
    this.#compose = compose;
    this.#parts = parts;
  }

  /** @returns the exit code of Compose, whatever it is */
  run(args: readonly string[], output: ComposeOutput): Promise<number> {
    const { environment, options, signal } = this.#parts;
    return this.#compose.run([...options, ...args], { env: environment, output, signal });
  }

  /** @throws ScannerError `compose_failed` unless it ends with 0 */
  async succeed(args: readonly string[], output: ComposeOutput): Promise<void> {
    const code = await this.run(args, output);
    if (code !== 0) throw composeFailed(`${this.#compose.name} ${args[0] ?? ''} ended with exit code ${code}`);
  }

  /** @throws ScannerError `compose_failed` unless it ends with 0 */
  read(args: readonly string[]): Promise<string> {
    const { environment, options, signal } = this.#parts;
    return this.#compose.read([...options, ...args], { env: environment, signal });
  }
}
