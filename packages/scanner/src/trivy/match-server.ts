import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { serverArguments } from './command.ts';
import { NO_ADVISORIES_FOR_SYSTEM } from './failure-texts.ts';
import { groupListensOn } from './loopback-sockets.ts';
import { MatchAnswer } from './match-answer.ts';
import type { MatchOptions } from './match-options.ts';
import { BLOB_PREFIX } from './scan-trace.ts';
import { MAX_REPORT_BYTES } from './read-report.ts';
import type { CacheAccess } from './resp-server.ts';
import type { ProcessEnd } from './run-process.ts';

/** Runs Trivy until it ends, in a job of its own. */
type RunTrivy = (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
  /** Told its process group as soon as it is started. */
  onStart: (group: number) => void,
) => Promise<ProcessEnd>;

export interface MatchServerParts {
  readonly port: number;
  readonly access: CacheAccess;
  readonly cacheDirectory: string;
  readonly moduleDirectory: string;
  readonly run: RunTrivy;
}

/** Not imported, for the same reason as for the engine's connection: an import loads far more than is used. */
const { Agent, request } = process.getBuiltinModule('node:http');

const READY_WITHIN_MS = 30_000;
const POLL_MS = 5;
const SCAN = '/twirp/trivy.scanner.v1.Scanner/Scan';

/**
 * A `trivy server` of ours that matches analyses in the scan cache against the database, without a process an image.
 * It is one of the scan cache's users, on a port of loopback, and answers nobody without its token.
 *
 * Any user of this machine may take the port before it does, or once it has ended. So nothing is said on a connection
 * before its process is seen to own the port, and an answer counts only while it runs and was seen to read the analyses.
 */
export class MatchServer implements AsyncDisposable {
  readonly #parts: MatchServerParts;
  readonly #token = randomBytes(24).toString('hex');
  readonly #agent = new ProvenAgent((port) => this.#ownsPort(port));
  readonly #stop = new AbortController();
  readonly #gone = new AbortController();
  readonly #ended: Promise<void>;
  readonly #ready: Promise<void>;
  #group: number | undefined;

  constructor(parts: MatchServerParts) {
    this.#parts = parts;
    const { access, cacheDirectory, moduleDirectory, port } = parts;
    const args = serverArguments({ cacheDirectory, moduleDirectory, listen: `127.0.0.1:${port}` });
    const environment = { TRIVY_CACHE_BACKEND: access.url, TRIVY_TOKEN: this.#token };
    const run = parts.run(args, environment, this.#stop.signal, (group) => {
      this.#group = group;
    });
    this.#ended = run.then(
      () => this.#end(),
      () => this.#end(),
    );
    this.#ready = this.#awaitReadiness();
    this.#ready.catch(() => {});
  }

  /**
   * @param blobs Trivy's names of the analyses of an image's layers, base first
   * @throws Error where there is no answer, or none that makes sense
   */
  async match(blobs: readonly string[], options: MatchOptions, signal: AbortSignal): Promise<MatchAnswer> {
    await this.#ready;
    const whileItRuns = AbortSignal.any([signal, this.#stop.signal, this.#gone.signal]);
    whileItRuns.throwIfAborted();
    const { status, body } = await this.#ask(blobs, options, whileItRuns);
    whileItRuns.throwIfAborted();
    if (status !== 200) throw refusalOf(status, body.toString('utf8', 0, MOST_OF_A_REFUSAL));
    if (!this.#hasRead(blobs)) throw new Error('an answer came without a look at the analyses');
    return MatchAnswer.parse(JSON.parse(body.toString('utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#agent.destroy();
    await this.#ended;
    this.#parts.access[Symbol.dispose]();
  }

  #end(): void {
    this.#gone.abort(new Error("Trivy's server has ended"));
    this.#agent.destroy();
  }

  /** Only our Trivy can log in to the scan cache to look for them. */
  #hasRead(blobs: readonly string[]): boolean {
    const { trace } = this.#parts.access;
    return blobs.every((blob) => trace.hasAskedFor(`${BLOB_PREFIX}${blob}`));
  }

  /** Where the system does not tell, what it was seen to read has to do. */
  #ownsPort(port: number): boolean {
    if (this.#group === undefined || this.#gone.signal.aborted) return false;
    return groupListensOn(this.#group, port) ?? true;
  }

  /** Asks for an analysis that there is not. */
  async #awaitReadiness(): Promise<void> {
    const nobodyKnows = randomBytes(16).toString('hex');
    const deadline = AbortSignal.any([this.#stop.signal, this.#gone.signal, AbortSignal.timeout(READY_WITHIN_MS)]);
    for (;;) {
      const answered = await this.#ask([nobodyKnows], NOTHING, deadline).catch(() => null);
      if (answered !== null && this.#hasRead([nobodyKnows])) return;
      deadline.throwIfAborted();
      await sleep(POLL_MS, undefined, { signal: deadline }).catch(() => deadline.throwIfAborted());
    }
  }

  #ask(
    blobs: readonly string[],
    options: MatchOptions,
    signal: AbortSignal,
  ): Promise<{ status: number; body: Buffer }> {
    const question = Buffer.from(
      JSON.stringify({
        target: 'image',
        artifact_id: '',
        blob_ids: blobs,
        options: {
          scanners: ['vuln'],
          pkg_types: options.packageTypes,
          vuln_severity_sources: options.severitySources,
        },
      }),
    );
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.#parts.port,
          path: SCAN,
          method: 'POST',
          agent: this.#agent,
          signal,
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': question.length,
            'Trivy-Token': this.#token,
          },
        },
        (response) => {
          readBounded(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, body }),
            (error: unknown) => reject(error),
          );
        },
      );
      asked.on('error', reject);
      asked.end(question);
    });
  }
}

/** The system is one of which Trivy has no advisories, and for which it judges nothing. */
export class NoAdvisoriesForSystem extends Error {}

const MOST_OF_A_REFUSAL = 4096;

const refusalOf = (status: number, text: string): Error =>
  NO_ADVISORIES_FOR_SYSTEM.test(text)
    ? new NoAdvisoriesForSystem('there are no advisories for the system')
    : new Error(`Trivy's server answered ${status}: ${text.slice(0, 200)}`);
/** Keeps connections, none of which is used before it is proven whose the port is. */
class ProvenAgent extends Agent {
  readonly #isOurs: (port: number) => boolean;

  constructor(isOurs: (port: number) => boolean) {
    super({ keepAlive: true });
    this.#isOurs = isOurs;
  }

  override createConnection(
    { port }: { readonly port?: number | string | null | undefined },
    onConnected?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const socket = new Socket().setNoDelay();
    const fail = (error: Error): void => onConnected?.(error, socket);
    socket.once('error', fail);
    socket.once('connect', () => {
      if (!this.#isOurs(Number(port))) return void socket.destroy(notOurs());
      socket.off('error', fail);
      onConnected?.(null, socket);
    });
    // Before and after: a connection to who had the port before us must not count either.
    if (this.#isOurs(Number(port))) socket.connect({ port: Number(port), host: '127.0.0.1' });
    else socket.destroy(notOurs());
  }
}

const notOurs = (): Error => new Error("Trivy's server does not have its port");

const NOTHING: MatchOptions = { packageTypes: [], severitySources: [], ignoredStatuses: new Set() };

const readBounded = async (response: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_REPORT_BYTES) throw new Error("Trivy's server answered more than it may");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
