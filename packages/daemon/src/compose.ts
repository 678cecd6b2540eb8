import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

import { type CommandContext, holdState, type Place, placeOf, readSettings, type ReadSettings } from '@scanner/app';
import { judgeHealth, readLastPass } from '@scanner/app/daemon-state';
import { engineEndpoint, networkDispatcher, openTelling, readImageSelection, runHostPass } from '@scanner/app/host';
import { type LockKeeper, ScannerError, systemClock } from '@scanner/core';
import { parseDotEnv, SETTING_NAMES, type Settings } from '@scanner/core/config';
import { createDockerEngine } from '@scanner/scanner';
import { checkDirectory, createLockKeeper } from '@scanner/store';

import { type Answer, openHttpServer, type Routes } from './http-server.ts';
import { Metrics } from './metrics.ts';
import { ping } from './ping.ts';
import { Schedule } from './schedule.ts';
import { type OpenParts, Service } from './service.ts';
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
  const place = placeOf(settings, context.cwd);
  readImageSelection(read, context.cwd, log);
  await checkDirectories(place, settings, context.cwd);

  await using opened = new AsyncDisposableStack();
  const locks = createLockKeeper();
  opened.use(holdState(locks, place.state, context.commandLine));
  const { dispatcher } = opened.use(networkDispatcher(context.env));
  let parts: Telling | null = null;
  const metrics = new Metrics({ version, outbox: () => parts?.outbox ?? null });
  const open = await opener(input, place, locks);
  const service = new Service(
    {
      state: place.state,
      intervalSeconds: settings.SCAN_INTERVAL_SECONDS,
      settings: fingerprint(settings),
      schedule: new Schedule(
        { intervalSeconds: settings.SCAN_INTERVAL_SECONDS, jitterSeconds: settings.SCAN_JITTER_SECONDS },
        systemClock,
      ),
      metrics,
      clock: systemClock,
      log,
      open: async () => (parts = await open(metrics)),
      filesChanged: changesOf(input, read),
      ping: async (signal) => {
        if (settings.HEALTHCHECK_PING_URL === null) return;
        const problem = await ping(settings.HEALTHCHECK_PING_URL, { dispatcher, signal });
        if (problem !== null) log.warn(`HEALTHCHECK_PING_URL was not told of the pass: ${problem}`);
      },
    },
    readLastPass(place.state, log),
  );
  const server =
    settings.HTTP_LISTEN === null
      ? null
      : opened.use(await openHttpServer(settings.HTTP_LISTEN, routesOf(service, metrics)));
  const standing = opened.move();
  return { service, url: server?.url ?? null, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};

type Telling = OpenParts & { readonly outbox: Awaited<ReturnType<typeof openTelling>>['outbox'] };

/** Makes what passes and deliveries need, with the secrets as they are then; settings themselves stay those of the start. */
const opener = async (
  { context, flags, read: first }: DaemonInput,
  place: Place,
  locks: LockKeeper,
): Promise<(metrics: Metrics) => Promise<Telling>> => {
  const endpoint = await engineEndpoint(context, first.settings);
  const engine = createDockerEngine(endpoint, { log: context.console.log });
  let read: ReadSettings | null = null;
  return async (metrics) => {
    const mended = read !== null;
    const now = read === null ? first : readAgain(context, flags, read);
    read = now;
    const told = await openTelling(context, now.settings, place, { watchOutbox: (outbox) => metrics.watch(outbox) });
    const host = { context, place, locks, endpoint, engine, telling: told.telling };
    return {
      outbox: told.outbox,
      pass: ({ signal, observe }) => runHostPass(host, { read: now, observe, signal }),
      deliver: async (signal) => {
        // Who has just mended a secret wants to see it work; a restart alone mends nothing.
        if (mended) await told.sender.deliverDue(signal, { early: true });
        await told.sender.run(signal);
      },
      wake: () => told.sender.wake(),
      deliveries: () => {
        const { pending, dead, oldestPendingAt, lastError } = told.outbox.state();
        return { pending, dead, oldest_pending_at: oldestPendingAt, last_error: lastError };
      },
      [Symbol.asyncDispose]: () => told[Symbol.asyncDispose](),
    };
  };
};

const readAgain = (context: CommandContext, flags: object, before: ReadSettings): ReadSettings => {
  try {
    return readSettings(context, flags, { layout: 'container', dotEnv: before.dotEnv });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.console.log.warn(`the secrets as they are now cannot be used, so those of before are: ${why}`);
    return before;
  }
};

const changesOf = ({ context }: DaemonInput, { settings, secrets, dotEnv }: ReadSettings): (() => boolean) => {
  const variables = { ...parseDotEnv(dotEnv ?? ''), ...context.env };
  const named = SETTING_NAMES.flatMap((name) => variables[`${name}_FILE`] ?? []);
  const files = new WatchedFiles([settings.IGNORE_FILE, secrets, ...named].map((path) => resolve(context.cwd, path)));
  return () => files.changed();
};

/** All that cannot be written at once, so that nobody mends one after the other. */
const checkDirectories = async (place: Place, settings: Settings, cwd: string): Promise<void> => {
  const wanted = [
    place.state,
    place.cache,
    place.logs,
    ...(settings.SNAPSHOT_WRITE ? [resolve(cwd, settings.SNAPSHOT_DIR)] : []),
  ];
  const checks = await Promise.allSettled(wanted.map((path) => checkDirectory(path)));
  const problems = checks.flatMap((check) => (check.status === 'rejected' ? [asScannerError(check.reason)] : []));
  const [first] = problems;
  if (first === undefined) return;
  throw new ScannerError(problems.map(({ message }) => message).join('\n'), {
    code: first.code,
    hint: first.hint ?? 'correct the owner of what is named above',
    cause: first,
  });
};

const asScannerError = (error: unknown): ScannerError => {
  if (ScannerError.is(error)) return error;
  throw error;
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

const routesOf = (service: Service, metrics: Metrics): Routes => ({
  '/healthz': async () => {
    const health = service.health();
    return json(judgeHealth(health, systemClock).length === 0 ? 200 : 503, health);
  },
  '/readyz': async () => {
    const ready = service.isReady();
    return json(ready ? 200 : 503, { ready, reason: ready ? null : 'no pass has come to its end yet' });
  },
  '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }),
});

const json = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});
