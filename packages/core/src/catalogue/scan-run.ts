import type { Failure, FailureCode } from '../model/failure.ts';
import { statusOf, type Tool } from '../model/tool.ts';
import type { ToolScan } from '../ports/tool-store.ts';
import { eachBounded } from '../concurrency/each-bounded.ts';
import type { ResolvedImage } from './image-resolver.ts';
import { PendingSaves } from './pending-saves.ts';
import { PullLimits } from './pull-limits.ts';
import { type ImageAnswer, RegistryFirstScan } from './registry-first-scan.ts';
import type { ScanBatchOptions, ScanBatchResult, ScanOrchestratorParts } from './scan-batch.ts';
import { toScanResult, updateToolSecurity, withoutStaleness } from './scan-result.ts';
import { type ToolResult, withoutScan } from './tool-result.ts';

const CONCURRENCY = 3;
const PLATFORM = 'linux/amd64';
const MAX_WAIT_MILLISECONDS = 5 * 60_000;
const FAILURE_MEMORY_MILLISECONDS = 3_600_000;

/** Failures of the tool itself: trying again within the hour would end the same way. */
const REMEMBERED: ReadonlySet<FailureCode> = new Set([
  'not_found',
  'unauthorized',
  'no_such_platform',
  'not_an_image',
  'corrupt',
  'timeout',
]);

const INTERRUPTED: Failure = { code: 'interrupted', message: 'stopped before it was scanned' };

/** What one run over tools gathers. */
export class ScanRun {
  readonly #parts: ScanOrchestratorParts;
  readonly #platform: string;
  readonly #concurrency: number;
  readonly #images: RegistryFirstScan;
  readonly #saves: PendingSaves;
  readonly #left = new AbortController();
  readonly #asked: AbortSignal | undefined;
  readonly #signal: AbortSignal;
  #blockedBy: Failure | null = null;
  #limit: { readonly resumeAt: string | null } | null = null;

  constructor(parts: ScanOrchestratorParts, options: ScanBatchOptions) {
    this.#parts = parts;
    this.#platform = options.platform ?? PLATFORM;
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#asked = options.signal;
    this.#signal = AbortSignal.any([this.#left.signal, ...(options.signal ? [options.signal] : [])]);
    this.#saves = new PendingSaves(parts.store);
    const { scanner, digests, clock, wait } = parts;
    const maxWaitMilliseconds = options.maxWaitMilliseconds ?? MAX_WAIT_MILLISECONDS;
    this.#images = new RegistryFirstScan(
      { scanner, digests, limits: new PullLimits({ clock, wait, maxWaitMilliseconds }) },
      {
        platform: this.#platform,
        ...(options.timeoutSeconds !== undefined && { timeoutSeconds: options.timeoutSeconds }),
      },
    );
  }

  async *results(tools: Iterable<Tool>): AsyncGenerator<ToolResult, void, undefined> {
    try {
      for await (const result of eachBounded(tools, this.#concurrency, async (tool) => this.#result(tool)))
        yield* this.#given(result);
    } finally {
      this.#saves.flush();
    }
  }

  end(): Omit<ScanBatchResult, 'scanned' | 'failed' | 'skipped'> {
    return {
      unsaved: this.#saves.unsaved,
      blockedBy: this.#blockedBy,
      limited: this.#limit !== null,
      resumeAt: this.#limit?.resumeAt ?? null,
      interrupted: this.#asked?.aborted ?? false,
    };
  }

  /** A reader that goes away takes what is under way with it. */
  *#given(result: ToolResult): Generator<ToolResult, void, undefined> {
    let taken = false;
    try {
      yield result;
      taken = true;
    } finally {
      if (!taken) this.#left.abort();
    }
  }

  async #result(tool: Tool): Promise<ToolResult> {
    const resolution = this.#parts.resolver.explain(tool);
    if (!resolution.ok) return withoutScan(tool, null, 'unresolved', resolution.reason);
    const { image } = resolution;
    const obstacle = this.#signal.aborted ? INTERRUPTED : this.#blockedBy;
    if (obstacle !== null) return withoutScan(tool, image, 'not_reached', obstacle);

    const answer = await this.#images.scan(image.imageRef, this.#previousScan(tool.id), this.#signal);
    switch (answer.type) {
      case 'failed':
        return this.#failed(tool, image, answer.reason, answer.blocks);
      case 'limited':
        this.#limit = { resumeAt: answer.resumeAt };
        return withoutScan(tool, image, 'not_reached', answer.reason);
      case 'unchanged':
        return this.#kept(tool, this.#confirmed(tool, image, answer.previous), image, 'result');
      case 'scanned':
        return this.#kept(tool, this.#toolScan(tool, image, answer), image, scanReuse(answer));
    }
  }

  #failed(tool: Tool, image: ResolvedImage, reason: Failure, blocks: boolean): ToolResult {
    if (reason.code === 'interrupted') return withoutScan(tool, image, 'not_reached', reason);
    if (blocks) this.#blockedBy ??= reason;
    else if (REMEMBERED.has(reason.code)) this.#remember(tool.id, reason);
    return withoutScan(tool, image, 'failed', reason);
  }

  /** A result is told once it is saved, and shown to other programs where the store promises that. */
  async #kept(tool: Tool, scan: ToolScan, image: ResolvedImage, reused: ToolResult['reused']): Promise<ToolResult> {
    const saved = this.#saves.save(tool.id, scan);
    if (!saved) this.#parts.log.warn('a result could not be saved and is kept for another try', { tool: tool.id });
    this.#blockedBy ??= this.#saves.overflow;
    if (saved) await this.#parts.store.shown?.();
    return {
      tool: { ...tool, security: scan.security },
      image,
      status: 'scanned',
      reason: scan.coverageReason,
      source: scan.source,
      coverage: scan.coverage,
      reused,
      saved,
    };
  }

  #toolScan(tool: Tool, image: ResolvedImage, answer: ImageAnswer & { readonly type: 'scanned' }): ToolScan {
    const { identity } = this.#parts.scanner;
    const { digest, scan, source } = answer;
    const { imageRef, rule } = image;
    const result = toScanResult(scan, { imageRef, identity, digest, now: this.#parts.clock.now() });
    return {
      security: updateToolSecurity(tool, result).security,
      imageRef,
      rule,
      source,
      platform: this.#platform,
      coverage: scan.coverage,
      coverageReason: scan.reason,
      databaseGeneration: identity.databaseGeneration,
      databaseStale: identity.databaseStale,
      findings: scan.findings,
    };
  }

  /** The last scan's result, which holds as of now. */
  #confirmed(tool: Tool, image: ResolvedImage, previous: ToolScan): ToolScan {
    const { databaseStale } = this.#parts.scanner.identity;
    const { coverage } = previous;
    return {
      ...previous,
      imageRef: image.imageRef,
      rule: image.rule,
      databaseStale,
      security: {
        ...withoutStaleness(tool.security),
        ...withoutStaleness(previous.security),
        ...(databaseStale && { db_stale: true }),
        coverage,
        status: statusOf({ ...previous.security, coverage }),
        scanned_tag: image.selectedTag,
        trivy_scan_date: this.#parts.clock.now().toISOString(),
      },
    };
  }

  /** Without what was found before, everything is just scanned. */
  #previousScan(id: string): ToolScan | undefined {
    try {
      return this.#parts.store.scanOf(id);
    } catch (error) {
      this.#parts.log.warn('the last result of a tool could not be read', { tool: id, error });
      return undefined;
    }
  }

  #remember(id: string, reason: Failure): void {
    const until = new Date(this.#parts.clock.now().getTime() + FAILURE_MEMORY_MILLISECONDS).toISOString();
    try {
      this.#parts.store.rememberFailure(id, { reason, until });
    } catch (error) {
      this.#parts.log.warn('a failure could not be remembered', { tool: id, error });
    }
  }
}

const scanReuse = ({ scan }: ImageAnswer & { readonly type: 'scanned' }): ToolResult['reused'] =>
  scan.analysis === 'reused' ? 'analysis' : 'none';
