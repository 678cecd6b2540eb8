import type { Failure } from '../model/failure.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import type { Tool } from '../model/tool.ts';
import type { ResolvedImage } from './image-resolver.ts';

/** What became of one tool in a run. `not_reached`: stopped, or a limit or a blocking failure came first. */
export interface ToolResult {
  /** With what the scan found, or as it was. */
  readonly tool: Tool;
  /** Null where the tool resolves to nothing. */
  readonly image: ResolvedImage | null;
  readonly status: 'scanned' | 'failed' | 'unresolved' | 'not_reached';
  /** Why it was not scanned, or is covered in part. */
  readonly reason: Failure | null;
  /** Null unless scanned. */
  readonly source: 'remote' | 'docker' | null;
  readonly coverage: Coverage | null;
  /** `result`: image, database and Trivy are those of the last scan, whose result still holds. */
  readonly reused: 'none' | 'analysis' | 'result';
  /** Whether it is in the store. */
  readonly saved: boolean;
}

/** A tool that was not scanned. */
export const withoutScan = (
  tool: Tool,
  image: ResolvedImage | null,
  status: 'failed' | 'unresolved' | 'not_reached',
  reason: Failure,
): ToolResult => ({ tool, image, status, reason, source: null, coverage: null, reused: 'none', saved: false });
