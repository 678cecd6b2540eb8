import { ScannerError } from '@scanner/core';
import { execa } from 'execa';

/** Where the output of Compose goes: ours as it is, to people beside our result, or nowhere. */
export type ComposeOutput = 'result' | 'messages' | 'nowhere';

export interface ComposeCall {
  /** Everything that Compose sees of an environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly output: ComposeOutput;
  readonly signal: AbortSignal;
}

/** Docker Compose, whichever there is. */
export class ComposeProgram {
  readonly #command: readonly [string, ...string[]];

  private constructor(command: readonly [string, ...string[]]) {
    this.#command = command;
  }

  /**
   * Finds `docker compose` or, where that is missing, `docker-compose`.
   *
   * @throws ScannerError `compose_missing`
   */
  static async find(env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ComposeProgram> {
    for (const command of [['docker', 'compose'], ['docker-compose']] as const) {
      const [program, ...first] = command;
      const { failed } = await execa(program, [...first, 'version'], {
        env,
        extendEnv: false,
        stdio: 'ignore',
        reject: false,
        cancelSignal: signal,
      });
      signal.throwIfAborted();
      if (!failed) return new ComposeProgram(command);
    }
    throw new ScannerError('neither `docker compose` nor `docker-compose` can be run', {
      code: 'compose_missing',
      hint: 'install Docker Compose: https://docs.docker.com/compose/install; or run the daemon without it: docker run',
    });
  }

  /** As people call it. */
  get name(): string {
    return this.#command.join(' ');
  }

  /**
   * Runs Compose to its end.
   *
   * @returns its exit code
   * @throws ScannerError `compose_failed` where it was ended by a signal; the signal's reason on abort
   */
  async run(args: readonly string[], { env, output, signal }: ComposeCall): Promise<number> {
    const [program, ...first] = this.#command;
    const { exitCode, shortMessage } = await execa(program, [...first, ...args], {
      ...this.#ownGroup(env, signal),
      stdin: 'ignore',
      stdout: STDOUT[output],
      stderr: output === 'nowhere' ? 'ignore' : 'inherit',
    });
    signal.throwIfAborted();
    if (exitCode === undefined) throw composeFailed(shortMessage ?? `${this.name} was ended`);
    return exitCode;
  }

  /**
   * Runs Compose for what it prints.
   *
   * @throws ScannerError `compose_failed` with its last words
   */
  async read(args: readonly string[], { env, signal }: Pick<ComposeCall, 'env' | 'signal'>): Promise<string> {
    const [program, ...first] = this.#command;
    const { exitCode, stdout, stderr } = await execa(program, [...first, ...args], {
      ...this.#ownGroup(env, signal),
      stdin: 'ignore',
      maxBuffer: MOST_CHARACTERS,
    });
    signal.throwIfAborted();
    if (exitCode !== 0) throw composeFailed(`${this.name} ${args.at(-1) ?? ''} failed: ${stderr.trim().slice(-1000)}`);
    return stdout;
  }

  /** Ctrl-C reaches us and not Compose, which gets one SIGTERM from us: a second signal would make it kill the container. */
  #ownGroup(env: ComposeCall['env'], signal: AbortSignal) {
    return {
      env,
      extendEnv: false,
      reject: false,
      detached: true,
      cancelSignal: signal,
      forceKillAfterDelay: LONGEST_STOP_MS,
    } as const;
  }
}

/** Docker gives a container ten seconds. */
const LONGEST_STOP_MS = 20_000;
const MOST_CHARACTERS = 100_000_000;

const STDOUT = { result: 'inherit', messages: process.stderr, nowhere: 'ignore' } as const;

/** @returns the error for something that Compose could not do */
export const composeFailed = (message: string): ScannerError =>
  new ScannerError(message, {
    code: 'compose_failed',
    hint: 'see what it said above; gts doctor checks the engine, gts host logs shows what the service wrote',
  });
