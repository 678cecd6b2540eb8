import type { Failure } from '../model/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageScanner } from '../ports/image-scanner.ts';
import type { Log } from '../ports/log.ts';
import type { ManifestDigests } from '../ports/manifest-digests.ts';
import type { ToolStore } from '../ports/tool-store.ts';
import type { ImageResolver } from './image-resolver.ts';
import type { UnsavedScan } from './pending-saves.ts';
import type { Wait } from './pull-limits.ts';
import type { ToolResult } from './tool-result.ts';

export interface ScanOrchestratorParts {
  readonly resolver: Pick<ImageResolver, 'explain'>;
  readonly scanner: ImageScanner;
  readonly digests: ManifestDigests;
  readonly store: Pick<ToolStore, 'scanOf' | 'saveScan' | 'shown' | 'rememberFailure'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
}

export interface ScanBatchOptions {
  /** How many at once; 3 unless given. */
  readonly concurrency?: number;
  /** How many of how many are done with; those not reached are not. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onResult?: (result: ToolResult) => void;
  /** How many tools there are, where they do not come as an array. */
  readonly total?: number;
  /** `linux/amd64` unless given. */
  readonly platform?: string;
  /** Of one scan. */
  readonly timeoutSeconds?: number;
  /** How long a registry that grants no more pulls is waited for; five minutes unless given. */
  readonly maxWaitMilliseconds?: number;
  readonly signal?: AbortSignal;
}

export interface ScanBatchResult {
  readonly scanned: number;
  readonly failed: number;
  /** Without an image to scan, or not reached. */
  readonly skipped: number;
  /** Scanned, and refused by the store to the end. */
  readonly unsaved: readonly UnsavedScan[];
  /** Why the rest was not tried, where something failed that would have failed every tool. */
  readonly blockedBy: Failure | null;
  /** Whether a registry's limit ended it. */
  readonly limited: boolean;
  /** When that registry grants more; ISO 8601, null where it did not say. */
  readonly resumeAt: string | null;
  readonly interrupted: boolean;
}
