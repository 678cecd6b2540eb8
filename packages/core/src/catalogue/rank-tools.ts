import type { Tool } from '../model/tool.ts';
import { compareCounts, type SeverityCounts } from '../model/severity.ts';
import { topN } from './top-n.ts';

export const TOOL_ORDERS = ['risk', 'critical', 'pulls', 'name'] as const;
export type ToolOrder = (typeof TOOL_ORDERS)[number];

export type ToolStatus = Tool['security']['status'];

export interface RankingOptions {
  /** How many at most; 20 unless given. */
  readonly limit?: number;
  /** `risk` unless given. */
  readonly sort?: ToolOrder;
  /** Only tools of these; those that were scanned unless given. */
  readonly statuses?: readonly ToolStatus[];
}

export interface Ranking {
  readonly tools: readonly Tool[];
  /** How many there were to rank. */
  readonly ranked: number;
  /** How many of all were never scanned. */
  readonly unknown: number;
}

/**
 * The tools that matter most. Holds no more than `limit` of them at once.
 *
 * @example
 * rankTools(store.tools(), { limit: 5, sort: 'critical', statuses: ['vulnerable'] })
 */
export const rankTools = (
  tools: Iterable<Tool>,
  { limit = 20, sort = 'risk', statuses }: RankingOptions = {},
): Ranking => {
  const counted = { ranked: 0, unknown: 0 };
  const top = topN(wanted(tools, statuses, counted), limit, ORDERS[sort]);
  return { tools: top, ...counted };
};

/** The counts of a tool; zero where none are known. */
export const countsOf = ({ security }: Pick<Tool, 'security'>): SeverityCounts => {
  const { critical = 0, high = 0, medium = 0, low = 0, unknown = 0 } = security.vulnerabilities ?? {};
  return { critical, high, medium, low, unknown };
};

/** Scanned, and judged or not: what could not be judged in full is `unknown` too. */
const wasScanned = ({ security }: Tool): boolean => security.status !== 'unknown' || security.trivy_scan_date !== null;

const wanted = function* (
  tools: Iterable<Tool>,
  statuses: readonly ToolStatus[] | undefined,
  counted: { ranked: number; unknown: number },
): Generator<Tool> {
  for (const tool of tools) {
    const scanned = wasScanned(tool);
    if (!scanned) counted.unknown += 1;
    if (!(statuses?.includes(tool.security.status) ?? scanned)) continue;
    counted.ranked += 1;
    yield tool;
  }
};

const byId = (a: Tool, b: Tool): number => compareText(a.id, b.id);
const byPulls = (a: Tool, b: Tool): number => (b.pull_count ?? -1) - (a.pull_count ?? -1) || byId(a, b);
const byRisk = (a: Tool, b: Tool): number => compareCounts(judged(b), judged(a)) || byPulls(a, b);
const byCritical = (a: Tool, b: Tool): number => countsOf(b).critical - countsOf(a).critical || byPulls(a, b);
const byName = (a: Tool, b: Tool): number => compareText(a.name, b.name) || byId(a, b);

const ORDERS: Readonly<Record<ToolOrder, (a: Tool, b: Tool) => number>> = {
  risk: byRisk,
  critical: byCritical,
  pulls: byPulls,
  name: byName,
};

/** What nobody has rated yet says nothing of risk. */
const judged = (tool: Tool): SeverityCounts => ({ ...countsOf(tool), unknown: 0 });

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
