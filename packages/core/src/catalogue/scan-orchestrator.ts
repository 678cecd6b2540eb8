import { setTimeout as sleep } from 'node:timers/promises';

import type { Tool } from '../model/tool.ts';
import { silentLog } from '../ports/log.ts';
import type { Wait } from './pull-limits.ts';
import type { ScanBatchOptions, ScanBatchResult, ScanOrchestratorParts } from './scan-batch.ts';
import { ScanRun } from './scan-run.ts';
import type { ToolResult } from './tool-result.ts';

/**
 * Scans tools: resolve, ask the registry for the digest, scan what changed, save at once.
 * Which tools are due is for `selectTools` to say; this scans what it is given.
 *
 * @example
 * const orchestrator = new ScanOrchestrator({ resolver, scanner, digests, store, clock: systemClock });
 * const { scanned, failed } = await orchestrator.scanBatch(tools, { concurrency: 3, signal });
 */
export class ScanOrchestrator {
  readonly #parts: ScanOrchestratorParts;

  constructor(parts: Omit<ScanOrchestratorParts, 'log' | 'wait'> & Partial<ScanOrchestratorParts>) {
    this.#parts = { log: silentLog, wait: waitFor, ...parts };
  }

  /** What fails for one tool is told in its result; an abort ends what is under way and keeps what is finished. */
  async scanBatch(tools: Iterable<Tool>, options: ScanBatchOptions = {}): Promise<ScanBatchResult> {
    const run = new ScanRun(this.#parts, options);
    const total = options.total ?? (Array.isArray(tools) ? tools.length : 0);
    const counts = { scanned: 0, failed: 0, unresolved: 0, not_reached: 0 };
    for await (const result of run.results(tools)) {
      counts[result.status] += 1;
      options.onResult?.(result);
      if (result.status !== 'not_reached')
        options.onProgress?.(counts.scanned + counts.failed + counts.unresolved, total);
    }
    const { scanned, failed } = counts;
    return { scanned, failed, skipped: counts.unresolved + counts.not_reached, ...run.end() };
  }

  /**
   * The same as a stream: each result as soon as it is there. Leaving the loop stops what is under way.
   * A result that says it was not saved was tried again by the time the stream ended.
   */
  results(
    tools: Iterable<Tool>,
    options: Omit<ScanBatchOptions, 'onProgress' | 'onResult' | 'total'> = {},
  ): AsyncGenerator<ToolResult, void, undefined> {
    return new ScanRun(this.#parts, options).results(tools);
  }
}

const waitFor: Wait = (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal });
