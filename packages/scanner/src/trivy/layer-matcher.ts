import type { BlobCache, CompleteScan, Finding, Log } from '@scanner/core';

import { coverageOf } from './coverage.ts';
import type { SystemSeen } from './coverage.ts';
import { AnalysisLooks, imageContents } from './image-contents.ts';
import type { KnownLayer } from './known-layers.ts';
import { judgesSystem, reportOf } from './match-answer.ts';
import type { MatchAnswer } from './match-answer.ts';
import type { MatchOptions } from './match-options.ts';
import { partsOf } from './match-parts.ts';
import { NoAdvisoriesForSystem } from './match-server.ts';
import type { MatchServer } from './match-server.ts';
import { eachFindingOnce, findingsOf } from './report-findings.ts';
import { osOf, systemOf } from './scan-result.ts';
import type { SystemAdvisories } from './system-advisories.ts';

/** What the analyses of an image's layers come to with the database as it is. */
export interface Match extends Pick<CompleteScan, 'os' | 'coverage' | 'reason'> {
  readonly findings: Finding[];
}

/** What those of one part of its layers come to. */
interface PartMatch {
  readonly os: CompleteScan['os'];
  readonly system: SystemSeen;
  readonly findings: readonly Finding[];
}

/** What matches, as {@link MatchServer} does. */
export type Server = Pick<MatchServer, 'match'> & AsyncDisposable;

export interface LayerMatcherParts {
  readonly startServer: () => Promise<Server>;
  readonly blobCache: Pick<BlobCache, 'get'>;
  readonly advisories: SystemAdvisories;
  readonly log: Log;
}
/** One image may be too large for the time there is; after the second it is the server. */
const MOST_TIMES_OVER = 2;

/** Matches images whose layers are all analysed, and what images have in common once. */
export class LayerMatcher implements AsyncDisposable {
  readonly #parts: LayerMatcherParts;
  readonly #looks: AnalysisLooks;
  readonly #matches = new Map<string, Promise<PartMatch>>();
  #server: Promise<Server> | undefined;
  #warned = false;
  #timesOver = 0;

  constructor(parts: LayerMatcherParts) {
    this.#parts = parts;
    this.#looks = new AnalysisLooks(parts.blobCache);
  }

  /** Starts what matching needs, so that it is ready by the time it is. */
  prepare(): void {
    this.#server ??= this.#parts.startServer();
    this.#server.catch(() => {});
  }

  /**
   * Null where it cannot be done, said once in the log: a process has to do it.
   *
   * @param layers base first
   * @param limitMs how long it may take
   */
  async match(
    layers: readonly KnownLayer[],
    options: MatchOptions,
    signal: AbortSignal,
    limitMs: number,
  ): Promise<Match | null> {
    if (this.#timesOver >= MOST_TIMES_OVER) return null;
    const limit = AbortSignal.timeout(Math.ceil(limitMs));
    const inTime = AbortSignal.any([signal, limit]);
    try {
      if (layers.length === 0) return this.#wholeOf([], layers, options);
      const parts = partsOf(layers).map((part) => this.#matchOnce(part, options, inTime));
      return this.#wholeOf(await endedBy(inTime, Promise.all(parts)), layers, options);
    } catch (error) {
      if (signal.aborted) return null;
      if (limit.aborted) this.#timesOver += 1;
      this.#warn(limit.aborted ? new Error(`it took more than ${Math.ceil(limitMs / 1000)} s`) : error);
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    await server?.[Symbol.asyncDispose]();
  }

  async #matchOnce(part: readonly string[], options: MatchOptions, signal: AbortSignal): Promise<PartMatch> {
    const { packageTypes, severitySources, ignoredStatuses } = options;
    const identity = JSON.stringify([part, packageTypes, severitySources, [...ignoredStatuses]]);
    const match = this.#matches.get(identity) ?? this.#ask(part, options, signal);
    this.#matches.set(identity, match);
    try {
      return await match;
    } catch (error) {
      this.#matches.delete(identity);
      throw error;
    }
  }

  async #ask(part: readonly string[], options: MatchOptions, signal: AbortSignal): Promise<PartMatch> {
    this.prepare();
    const server = await this.#server;
    if (server === undefined) throw new Error('there is no server');
    const answer = await matchWhatCanBe(server, part, options, signal);
    const report = reportOf(answer, options);
    return { os: osOf(report), system: systemOf(report, judgesSystem(answer)), findings: findingsOf(report) };
  }

  /** The system is that of the first part: what is matched apart from it has none. */
  #wholeOf(parts: readonly PartMatch[], layers: readonly KnownLayer[], { packageTypes }: MatchOptions): Match {
    const { os, system } = parts[0] ?? NO_SYSTEM;
    const contents = imageContents(layers, (blob) => this.#looks.look(blob));
    return {
      os,
      ...coverageOf(packageTypes.includes('os') ? system : null, contents, this.#parts.advisories),
      findings: eachFindingOnce(parts.flatMap(({ findings }) => findings)),
    };
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#parts.log.warn("what is known of an image's layers could not be matched: a Trivy process does it", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Without the system's packages where they cannot be judged: then the answer has no result for them. */
const matchWhatCanBe = async (
  server: Server,
  part: readonly string[],
  options: MatchOptions,
  signal: AbortSignal,
): Promise<MatchAnswer> => {
  try {
    return await server.match(part, options, signal);
  } catch (error) {
    if (!(error instanceof NoAdvisoriesForSystem)) throw error;
    const packageTypes = options.packageTypes.filter((type) => type !== 'os');
    return server.match(part, { ...options, packageTypes }, signal);
  }
};

/** Whatever the work waits for. */
const endedBy = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('stopped', { cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

const NO_SYSTEM: Pick<PartMatch, 'os' | 'system'> = { os: null, system: systemOf({ SchemaVersion: 2 }, false) };
