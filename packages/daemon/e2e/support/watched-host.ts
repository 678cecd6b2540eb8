import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  type Engine,
  type Environment,
  placeDatabase,
  type ProgramUser,
  programUser,
  realTrivy,
  type RunningProgram,
  type UserOptions,
  waitUntil,
} from '@scanner/testing';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PATIENCE_MS = 60_000;

/** A message of the daemon's, as it stands on stderr. */
interface Message {
  readonly level: string;
  readonly message: string;
  readonly [fact: string]: unknown;
}

/** A daemon at work. */
export interface RunningDaemon extends RunningProgram {
  messages(): readonly Message[];
  /** The first message that starts so, beyond the first `after` ones that do. */
  said(start: string, after?: number): Promise<Message>;
}

/** A host with a directory of its own for `image-scanner`, started outside a container. */
export interface WatchedHost extends AsyncDisposable {
  readonly user: ProgramUser;
  /** `SCANNER_DIR`. */
  readonly directory: string;
  daemon(args?: readonly string[], environment?: Environment): RunningDaemon;
  summary(): Promise<string>;
}

/** With the first generation of the database in place, and nothing to update it from. */
export const watchedHost = async (
  engine: Pick<Engine, 'dockerHost'>,
  environment: Environment = {},
  options: UserOptions = {},
): Promise<WatchedHost> => {
  const user = await programUser(
    MAIN,
    {
      SCANNER_DIR: './security',
      TRIVY_PATH: await realTrivy(),
      TRIVY_SKIP_DB_UPDATE: '1',
      TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
      DOCKER_HOST: engine.dockerHost,
      ...environment,
    },
    options,
  );
  await placeDatabase(join(user.directory, 'cache'), 1);
  const running = new Set<RunningProgram>();
  return {
    user,
    directory: user.directory,
    daemon: (args = [], more = {}) => {
      const program = user.start(args, more);
      running.add(program);
      return { ...program, ...heard(program) };
    },
    summary: () => readFile(join(user.directory, 'logs', 'scan-summary.log'), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      for (const program of running) program.kill('SIGKILL');
      await Promise.all([...running].map(({ ended }) => ended));
      await user[Symbol.asyncDispose]();
    },
  };
};

const heard = (program: RunningProgram): Pick<RunningDaemon, 'messages' | 'said'> => {
  const messages = (): Message[] =>
    program
      .stderrSoFar()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return {
    messages,
    said: (start, after = 0) =>
      waitUntil(() => messages().filter(({ message }) => message.startsWith(start))[after], {
        what: `"${start}" (${after} before) in:\n${program.stderrSoFar()}`,
        timeoutMs: PATIENCE_MS,
      }),
  };
};
