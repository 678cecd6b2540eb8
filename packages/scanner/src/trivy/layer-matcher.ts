import type { CompleteScan, Finding, Log } from '@scanner/core';

import type { KnownLayer } from './known-layers.ts';
import { judgementOf, matchCoverage, reportOf } from './match-answer.ts';
import type { Judgement } from './match-answer.ts';
import type { MatchOptions } from './match-options.ts';
import { partsOf } from './match-parts.ts';
import type { MatchServer } from './match-server.ts';
import { eachFindingOnce, findingsOf } from './report-findings.ts';
import { osOf } from './scan-result.ts';

/** What the analyses of an image's layers come to with the database as it is. */
export interface Match extends Pick<CompleteScan, 'os' | 'coverage'> {
  readonly findings: Finding[];
}

/** What those of one part of its layers come to. */
interface PartMatch {
  readonly os: CompleteScan['os'];
  readonly judgement: Judgement;
  readonly findings: readonly Finding[];
}

/** One image may be too large for the time there is; after the second it is the server. */
const MOST_TIMES_OVER = 2;

/** Matches images whose layers are all analysed, and what images have in common once. */
export class LayerMatcher implements AsyncDisposable {
  readonly #startServer: () => Promise<MatchServer>;
  readonly #log: Log;
  readonly #matches = new Map<string, Promise<PartMatch>>();
  #server: Promise<MatchServer> | undefined;
  #warned = false;
  #timesOver = 0;

  constructor(startServer: () => Promise<MatchServer>, log: Log) {
    this.#startServer = startServer;
    this.#log = log;
  }

  /** Starts what matching needs, so that it is ready by the time it is. */
  prepare(): void {
    this.#server ??= this.#startServer();
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
      const parts = partsOf(layers).map((part) => this.#matchOnce(part, options, inTime));
      return wholeOf(await endedBy(inTime, Promise.all(parts)), layers, options);
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
    const answer = await server.match(part, options, signal);
    const report = reportOf(answer, options);
    return { os: osOf(report), judgement: judgementOf(answer), findings: findingsOf(report) };
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#log.warn("what is known of an image's layers could not be matched: a Trivy process does it", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Whatever the work waits for. */
const endedBy = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('stopped', { cause: signal.reason }));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

/** The system is that of the first part: what is matched apart from it has none. */
const wholeOf = (parts: readonly PartMatch[], layers: readonly KnownLayer[], options: MatchOptions): Match => {
  const [first] = parts;
  if (first === undefined) throw new Error('there is nothing to match');
  return {
    os: first.os,
    coverage: matchCoverage(first.judgement, layers, options),
    findings: eachFindingOnce(parts.flatMap(({ findings }) => findings)),
  };
};
