import type { Failure } from '../model/failure.ts';
import type { Tool, ToolSecurity } from '../model/tool.ts';
import type { RememberedFailure, ToolFilter } from '../ports/tool-store.ts';
import type { ImageResolver, ResolvedImage } from './image-resolver.ts';
import { topN } from './top-n.ts';

export interface ToolSelection {
  readonly filter?: ToolFilter;
  /** A scan older than this is stale; seven days unless given. */
  readonly maxAgeMilliseconds?: number;
  /** Only the first so many by ID are looked at, fresh ones included: repeating the same command finishes it. */
  readonly limit?: number;
  /** Of those that are due, only the so many that are due for longest. */
  readonly next?: number;
  /** Takes fresh tools too, and those whose failure is remembered. */
  readonly force?: boolean;
}

export interface ToolSelectionParts {
  readonly resolver: Pick<ImageResolver, 'explain'>;
  readonly failureOf: (id: string) => RememberedFailure | undefined;
  readonly now: Date;
}

/** A tool that is due, without what a catalogue of many should not hold at once. */
export interface SelectedTool {
  readonly id: string;
  readonly image: ResolvedImage;
  readonly status: ToolSecurity['status'];
  /** How much of it the last scan could judge; null where nobody knows. */
  readonly coverage: ToolSecurity['coverage'];
  /** Whether the last scan's database was older than it may be. */
  readonly databaseStale: boolean;
  /** ISO 8601; null where it was never scanned. */
  readonly lastScan: string | null;
}

/** A tool that is not scanned now; `reason` is null where it is fresh. */
export interface LeftOutTool {
  readonly id: string;
  readonly why: 'skipped_fresh' | 'skipped_failed' | 'unresolved';
  readonly reason: Failure | null;
}

export interface SelectedTools {
  /** By ID, or the longest due first with `next`. */
  readonly selected: readonly SelectedTool[];
  readonly leftOut: readonly LeftOutTool[];
  /** IDs that were asked for and are not among the tools. */
  readonly missing: readonly string[];
}

const MAX_AGE_MILLISECONDS = 7 * 24 * 3_600_000;

/** Picks the tools that are due: never scanned, or not since long. Tools come in the order of their IDs. */
export const selectTools = (
  tools: Iterable<Tool>,
  selection: ToolSelection,
  parts: ToolSelectionParts,
): SelectedTools => {
  const leftOut: LeftOutTool[] = [];
  const missing = new Set(selection.filter?.ids);
  const due = dueTools(tools, selection, parts, (tool) => leftOut.push(tool), missing);
  const selected = selection.next === undefined ? [...due] : topN(due, selection.next, longestDueFirst);
  return { selected, leftOut, missing: [...missing] };
};

/** Whether the filter means the tool. */
export const matchesFilter = (tool: Pick<Tool, 'id' | 'namespace'>, { namespaces, ids }: ToolFilter): boolean =>
  (namespaces === undefined || namespaces.includes(tool.namespace)) && (ids === undefined || ids.includes(tool.id));

/**
 * Whether what is known of the tool is old enough to look again, or says nothing of how much of it could be judged. A date
 * ahead of the clock is no better than none.
 */
export const isStale = (
  { coverage, trivy_scan_date }: ToolSecurity,
  now: Date,
  maxAgeMilliseconds: number,
): boolean => {
  if (coverage === null || trivy_scan_date === null) return true;
  const age = now.getTime() - Date.parse(trivy_scan_date);
  return !(Math.abs(age) < maxAgeMilliseconds);
};

const dueTools = function* (
  tools: Iterable<Tool>,
  selection: ToolSelection,
  parts: ToolSelectionParts,
  leaveOut: (tool: LeftOutTool) => void,
  missing: Set<string>,
): Generator<SelectedTool> {
  let looked = 0;
  for (const tool of tools) {
    if (!matchesFilter(tool, selection.filter ?? {})) continue;
    missing.delete(tool.id);
    if (looked === selection.limit) {
      if (missing.size === 0) return;
      continue;
    }
    looked += 1;
    const judged = judge(tool, selection, parts);
    if ('why' in judged) leaveOut(judged);
    else yield judged;
  }
};

const judge = (
  tool: Tool,
  { force = false, maxAgeMilliseconds = MAX_AGE_MILLISECONDS }: ToolSelection,
  { resolver, failureOf, now }: ToolSelectionParts,
): SelectedTool | LeftOutTool => {
  const { id, security } = tool;
  if (!force && !isStale(security, now, maxAgeMilliseconds)) return { id, why: 'skipped_fresh', reason: null };
  const failure = force ? undefined : failureOf(id);
  if (failure !== undefined && Date.parse(failure.until) > now.getTime())
    return { id, why: 'skipped_failed', reason: failure.reason };
  const resolution = resolver.explain(tool);
  return resolution.ok
    ? {
        id,
        image: resolution.image,
        status: security.status,
        coverage: security.coverage,
        databaseStale: security.db_stale === true,
        lastScan: security.trivy_scan_date,
      }
    : { id, why: 'unresolved', reason: resolution.reason };
};

const longestDueFirst = (a: SelectedTool, b: SelectedTool): number =>
  scannedAt(a) - scannedAt(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const scannedAt = ({ lastScan }: SelectedTool): number => {
  const time = lastScan === null ? 0 : Date.parse(lastScan);
  return Number.isFinite(time) ? time : 0;
};
