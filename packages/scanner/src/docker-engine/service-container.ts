import { realpathSync } from 'node:fs';

import { z } from 'zod';

/** What the containers of one service have in common. */
export interface SoughtService {
  /** As Compose labels those that it has started. */
  readonly project: string;
  readonly service: string;
  /** `name=value` that every image of it is labelled with: others may have its directory mounted too. */
  readonly imageLabel: string;
  /** The directory of this machine that such a container keeps its state in, and where it sees that. */
  readonly mounted: { readonly source: string; readonly target: string };
}

/** How the container of a service is. */
export interface ServiceContainer {
  readonly id: string;
  readonly name: string;
  /** Its Compose project; `null` where it was started without Compose. */
  readonly project: string | null;
  /** Whether it has the directory that was asked for; else it only has the project's name. */
  readonly usesDirectory: boolean;
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

export const PROJECT = 'com.docker.compose.project';
export const SERVICE = 'com.docker.compose.service';
export const ONE_OFF = 'com.docker.compose.oneoff';
const short = z.string().max(1024);

const Mount = z.looseObject({ Source: z.string().max(4096).catch(''), Destination: z.string().max(4096).catch('') });

/** What an engine tells of one container. */
export const Inspected = z.looseObject({
  Id: short,
  Name: short,
  Args: z.array(z.string()).catch([]),
  RestartCount: z.number().catch(0),
  Config: z.looseObject({ Image: short, Labels: z.record(z.string(), z.string()).nullish().catch(null) }),
  Mounts: z.array(Mount).max(1000).catch([]),
  State: z.looseObject({
    Status: short,
    ExitCode: z.number().nullish(),
    StartedAt: short.nullish(),
    Health: z.looseObject({ Status: short }).nullish(),
  }),
});
export type Inspected = z.infer<typeof Inspected>;

/** Whether it serves, and not for a single pass. */
export const isSought = ({ Args, Config, Mounts }: Inspected, sought: SoughtService): boolean => {
  const labels = Config.Labels ?? {};
  if (labels[ONE_OFF] === 'True' || Args.includes('--once')) return false;
  const isOfProject = labels[PROJECT] === sought.project && labels[SERVICE] === sought.service;
  const isOfImage = Object.entries(labels).some(([name, value]) => `${name}=${value}` === sought.imageLabel);
  return isOfProject || (isOfImage && hasMounted(Mounts, sought.mounted));
};

const hasMounted = (mounts: Inspected['Mounts'], { source, target }: SoughtService['mounted']): boolean =>
  mounts.some((mount) => mount.Destination === target && withoutLinks(mount.Source) === withoutLinks(source));

const withoutLinks = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** The lower, the sooner it is the one that is meant. */
export const rankOf = ({ usesDirectory, state }: ServiceContainer): number =>
  (usesDirectory ? 0 : 2) + (state === 'running' ? 0 : 1);

export const containerOf = (inspected: Inspected, { mounted }: SoughtService): ServiceContainer => {
  const { Id, Name, RestartCount, Config, State, Mounts } = inspected;
  const runs = State.Status === 'running' || State.Status === 'paused';
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    project: Config.Labels?.[PROJECT] ?? null,
    usesDirectory: hasMounted(Mounts, mounted),
    image: Config.Image,
    state: State.Status,
    health: State.Health?.Status ?? null,
    startedAt: startOf(State.StartedAt),
    exitCode: runs ? null : (State.ExitCode ?? null),
    restarts: RestartCount,
  };
};

/** The engine writes the year 1 for what never was. */
const startOf = (written: string | null | undefined): string | null => {
  const moment = Date.parse(written ?? '');
  return Number.isNaN(moment) || moment <= 0 ? null : new Date(moment).toISOString();
};
