import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { type CommandContext, holdState, placeOf, type ReadSettings } from '@scanner/app';
import { readLastPass } from '@scanner/app/daemon-state';
import { checkMailAuthorities, engineEndpoint, networkDispatcher, readImageSelection } from '@scanner/app/host';
import { systemClock } from '@scanner/core';
import { parseDotEnv, SETTING_NAMES, type Settings } from '@scanner/core/config';
import { createLockKeeper, removeUnfinished } from '@scanner/store';

import { checkDirectories } from './check-directories.ts';
import { openHttpServer } from './http-server.ts';
import { Metrics } from './metrics.ts';
import { opener, type PartsWithOutbox } from './open-parts.ts';
import { Passes } from './passes.ts';
import { ping } from './ping.ts';
import { replacedSocket } from './replaced-socket.ts';
import { routesOf } from './routes.ts';
import { Schedule } from './schedule.ts';
import { Service } from './service.ts';
import { WatchedFiles } from './watched-files.ts';

export interface DaemonInput {
  readonly context: CommandContext;
  readonly flags: object;
  readonly read: ReadSettings;
  readonly version: string;
}

/** The service with everything it stands on; disposing closes it all. */
export const openService = async (
  input: DaemonInput,
): Promise<AsyncDisposable & { readonly service: Service; readonly url: string | null }> => {
  const { context, read, version } = input;
  const { settings } = read;
  const { log } = context.console;
  const [clock, place, locks] = [systemClock, placeOf(settings, context.cwd), createLockKeeper()];
  readImageSelection(read, log);
  checkMailAuthorities(context, settings);
  await checkDirectories(place, settings, context.cwd);

  await using opened = new AsyncDisposableStack();
  opened.use(holdState(locks, place.state, { command: context.commandLine, hostName: settings.HOST_NAME }));
  removeUnfinished(place.state);
  const { dispatcher } = opened.use(networkDispatcher({ env: context.env, log }));
  let parts: PartsWithOutbox | null = null;
  const metrics = new Metrics({
    version,
    outbox: () => parts?.outbox ?? null,
    host: () => parts?.identity.name ?? null,
  });
  const { host } = await engineEndpoint(context, settings);
  const open = await opener({ ...input, place, locks, watchOutbox: (outbox) => metrics.watch(outbox) });
  const common = { state: place.state, intervalSeconds: settings.SCAN_INTERVAL_SECONDS, clock, log };
  const { SCAN_JITTER_SECONDS: jitterSeconds, SCAN_ONCE: once } = settings;
  const schedule = new Schedule({ ...common, jitterSeconds, once }, clock);
  const passes = new Passes(
    { ...common, settings: fingerprint(settings), schedule, metrics },
    readLastPass(place.state, log),
  );
  const service = new Service({
    ...common,
    passes,
    open: async () => (parts = await open()),
    filesChanged: changesOf(input),
    engineIsGone: () => replacedSocket(host),
    ping: async (signal) => {
      if (settings.HEALTHCHECK_PING_URL === null) return;
      const problem = await ping(settings.HEALTHCHECK_PING_URL, { dispatcher, signal });
      if (problem !== null) log.warn(`the request to HEALTHCHECK_PING_URL failed: ${problem}`);
    },
  });
  const routes = routesOf(service, metrics, clock);
  const { HTTP_LISTEN: listen, HTTP_HOSTS: names } = settings;
  const server = listen === null ? null : opened.use(await openHttpServer({ listen, routes, names }));
  const standing = opened.move();
  return { service, url: server?.url ?? null, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};

/** Whether the ignore list or a file with a secret changed since this was last asked. */
const changesOf = ({ context, read: { ignoreFiles, secrets, dotEnv } }: DaemonInput): (() => boolean) => {
  const variables = { ...parseDotEnv(dotEnv ?? ''), ...context.env };
  const named = SETTING_NAMES.flatMap((name) => variables[`${name}_FILE`] ?? []);
  const files = new WatchedFiles([...ignoreFiles, secrets, ...named.map((path) => resolve(context.cwd, path))]);
  return () => files.changed();
};

const LOOKED_AT = [
  'TRIVY_SEVERITY',
  'TRIVY_EXTRA_ARGS',
  'SCAN_IMAGES',
  'SCAN_UNTAGGED',
  'IGNORE_IMAGES',
  'SNAPSHOT_WRITE',
  'DOCKER_HOST',
] as const satisfies readonly (keyof Settings)[];

/** A start with other settings of these makes a pass at once. */
const fingerprint = (settings: Settings): string =>
  createHash('sha256')
    .update(JSON.stringify(LOOKED_AT.map((name) => settings[name])))
    .digest('hex')
    .slice(0, 16);
