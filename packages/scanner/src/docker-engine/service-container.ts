import { z } from 'zod';

import type { DockerEndpoint } from './docker-endpoint.ts';
import { Rows } from './engine-answers.ts';
import { EngineConnection, type EngineRequest } from './engine-connection.ts';
import { greetEngine } from './engine-greeting.ts';

/** A service of a Compose project. */
export interface ComposeService {
  readonly project: string;
  readonly service: string;
}

/** How the container of a service is. */
export interface ServiceContainer {
  readonly name: string;
  /** The reference that it was started by. */
  readonly image: string;
  /** The engine's word: `running`, `restarting`, `exited` and others. */
  readonly state: string;
  /** Of its health check: `starting`, `healthy`, `unhealthy`; `null` where none is made. */
  readonly health: string | null;
  /** When it was last started, in ISO 8601; `null` where it never was. */
  readonly startedAt: string | null;
  /** Of its last end; `null` while it runs. */
  readonly exitCode: number | null;
  /** How often Docker has started it again by itself. */
  readonly restarts: number;
}

const ANSWER_SECONDS = 30;
const short = z.string().max(1024);

const Row = z.looseObject({ Id: z.string().regex(/^[0-9a-f]{64}$/), Created: z.number().catch(0) });

const Inspected = z.looseObject({
  Name: short,
  RestartCount: z.number().catch(0),
  Config: z.looseObject({ Image: short }),
  State: z.looseObject({
    Status: short,
    ExitCode: z.number().nullish(),
    StartedAt: short.nullish(),
    Health: z.looseObject({ Status: short }).nullish(),
  }),
});

/**
 * The container that a Compose project runs a service by, the newest where there are several; `null` where there is none.
 * Those of `docker compose run` do not count.
 *
 * @throws ScannerError as `DockerEngine.list` does
 */
export const serviceContainer = async (
  endpoint: DockerEndpoint,
  service: ComposeService,
  signal?: AbortSignal,
): Promise<ServiceContainer | null> => {
  using connection = await EngineConnection.open(endpoint);
  const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: undefined });
  const request: EngineRequest = { signal, withinSeconds: ANSWER_SECONDS };
  const root = `/v${apiVersion}/containers`;
  const listed = await connection.getJson(`${root}/json?all=1&filters=${filtersFor(service)}`, Rows, request);
  const [newest] = listed
    .flatMap((row) => Row.safeParse(row).data ?? [])
    .toSorted((one, other) => other.Created - one.Created);
  if (newest === undefined) return null;
  const { Name, RestartCount, Config, State } = await connection.getJson(
    `${root}/${newest.Id}/json`,
    Inspected,
    request,
  );
  const runs = State.Status === 'running' || State.Status === 'paused';
  return {
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    state: State.Status,
    health: State.Health?.Status ?? null,
    startedAt: startOf(State.StartedAt),
    exitCode: runs ? null : (State.ExitCode ?? null),
    restarts: RestartCount,
  };
};

/** By the labels that Compose gives its containers. */
const filtersFor = ({ project, service }: ComposeService): string =>
  encodeURIComponent(
    JSON.stringify({
      label: [
        `com.docker.compose.project=${project}`,
        `com.docker.compose.service=${service}`,
        'com.docker.compose.oneoff=False',
      ],
    }),
  );

/** The engine writes the year 1 for what never was. */
const startOf = (written: string | null | undefined): string | null => {
  const moment = Date.parse(written ?? '');
  return Number.isNaN(moment) || moment <= 0 ? null : new Date(moment).toISOString();
};
