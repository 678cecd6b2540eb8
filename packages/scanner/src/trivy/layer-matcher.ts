import type { CompleteScan, Finding, Log } from '@scanner/core';

import type { KnownLayer } from './known-layers.ts';
import { matchCoverage, reportOf } from './match-answer.ts';
import type { MatchOptions } from './match-options.ts';
import type { MatchServer } from './match-server.ts';
import { findingsOf } from './report-findings.ts';
import { osOf } from './scan-result.ts';

/** What the analyses of an image's layers come to with the database as it is. */
export interface Match extends Pick<CompleteScan, 'os' | 'coverage'> {
  readonly findings: Finding[];
}

/** Matches images whose layers are all analysed, each list of analyses once. */
export class LayerMatcher implements AsyncDisposable {
  readonly #startServer: () => Promise<MatchServer>;
  readonly #log: Log;
  readonly #matches = new Map<string, Promise<Match>>();
  #server: Promise<MatchServer> | undefined;
  #warned = false;

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
   */
  async match(layers: readonly KnownLayer[], options: MatchOptions, signal: AbortSignal): Promise<Match | null> {
    const blobs = countingBlobs(layers);
    const identity = JSON.stringify([
      blobs,
      options.packageTypes,
      options.severitySources,
      [...options.ignoredStatuses],
    ]);
    const match = this.#matches.get(identity) ?? this.#ask(layers, blobs, options, signal);
    this.#matches.set(identity, match);
    try {
      return await match;
    } catch (error) {
      this.#matches.delete(identity);
      if (!signal.aborted) this.#warn(error);
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    await server?.[Symbol.asyncDispose]();
  }

  async #ask(
    layers: readonly KnownLayer[],
    blobs: readonly string[],
    options: MatchOptions,
    signal: AbortSignal,
  ): Promise<Match> {
    this.prepare();
    const server = await this.#server;
    if (server === undefined) throw new Error('there is no server');
    const answer = await server.match(blobs, options, signal);
    const report = reportOf(answer, options);
    return { os: osOf(report), coverage: matchCoverage(answer, layers, options), findings: findingsOf(report) };
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#log.warn("what is known of an image's layers could not be matched: a Trivy process does it", {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

/**
 * Layers whose analysis says nothing change nothing, so images that differ only in such are matched once. Trivy takes
 * Red Hat's build information from a layer's neighbours, and so by their places: where there is any, all layers stay.
 */
const countingBlobs = (layers: readonly KnownLayer[]): readonly string[] => {
  const inPlace = layers.some(({ holds }) => holds.includes('buildInfo'));
  const counting = inPlace ? layers : layers.filter(({ holds }) => holds.length > 0);
  return (counting.length > 0 ? counting : layers).map(({ blob }) => blob);
};
