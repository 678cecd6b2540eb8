import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { serverArguments } from './command.ts';
import { NO_ADVISORIES_FOR_SYSTEM } from './failure-texts.ts';
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
 */
export class MatchServer implements AsyncDisposable {
  readonly #parts: MatchServerParts;
  readonly #token = randomBytes(24).toString('hex');
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #ready: Promise<void>;
  #isRunning = true;

  constructor(parts: MatchServerParts) {
    this.#parts = parts;
    const { access, cacheDirectory, moduleDirectory, port } = parts;
    const args = serverArguments({ cacheDirectory, moduleDirectory, listen: `127.0.0.1:${port}` });
    const environment = { TRIVY_CACHE_BACKEND: access.url, TRIVY_TOKEN: this.#token };
    this.#ended = parts.run(args, environment, this.#stop.signal).then(
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
    const { status, body } = await this.#ask(blobs, options, AbortSignal.any([signal, this.#stop.signal]));
    if (status !== 200) throw refusalOf(status, body.toString('utf8', 0, MOST_OF_A_REFUSAL));
    return MatchAnswer.parse(JSON.parse(body.toString('utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#agent.destroy();
    await this.#ended;
    this.#parts.access[Symbol.dispose]();
  }

  #end(): void {
    this.#isRunning = false;
  }

  /**
   * Asks for an analysis that there is not. Somebody else who got hold of the port could answer, but only our Trivy can
   * log in to the scan cache to look for it.
   */
  async #awaitReadiness(): Promise<void> {
    const nobodyKnows = randomBytes(16).toString('hex');
    const deadline = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(READY_WITHIN_MS)]);
    while (this.#isRunning) {
      const answered = await this.#ask([nobodyKnows], NOTHING, deadline).catch(() => null);
      if (answered !== null && this.#parts.access.trace.blobKeys.includes(`${BLOB_PREFIX}${nobodyKnows}`)) return;
      await sleep(POLL_MS, undefined, { signal: deadline });
    }
    throw new Error("Trivy's server ended before it was ready");
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
