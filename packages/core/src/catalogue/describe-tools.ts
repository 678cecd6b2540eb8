import type { CatalogueScanTotals, ToolReport } from '../documents/catalogue-scan-document.ts';
import type { ToolDocument, VulnerablePackage } from '../documents/tool-document.ts';
import type { TopDocument } from '../documents/top-document.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import type { Tool } from '../model/tool.ts';
import type { RememberedFailure, ToolScan } from '../ports/tool-store.ts';
import type { ResolvedImage, Resolution } from './image-resolver.ts';
import { countsOf, type Ranking, type ToolOrder } from './rank-tools.ts';
import type { LeftOutTool, SelectedTool } from './select-tools.ts';
import type { ToolResult } from './tool-result.ts';

/** A row of `gts.scan/1` for a tool that was tried. */
export const resultReport = ({ tool, image, ...result }: ToolResult): ToolReport => ({
  id: tool.id,
  ...imageFields(image),
  status: result.status,
  counts: result.status === 'scanned' ? countsOf(tool) : null,
  reason: result.reason,
  digest: result.status === 'scanned' ? tool.security.scanned_digest : null,
  source: result.source,
  coverage: result.coverage,
  reused: result.reused,
  saved: result.saved,
  security_status: tool.security.status,
  db_stale: result.status === 'scanned' ? tool.security.db_stale === true : null,
  last_scan: tool.security.trivy_scan_date,
});

/** The same for one that would be tried. */
export const selectedReport = ({ id, image, status, coverage, databaseStale, lastScan }: SelectedTool): ToolReport => ({
  ...NOTHING_SCANNED,
  id,
  ...imageFields(image),
  status: 'selected',
  coverage,
  security_status: status,
  db_stale: lastScan === null ? null : databaseStale,
  last_scan: lastScan,
});

/** The same for one that selection left out. */
export const leftOutReport = ({ id, why, reason }: LeftOutTool): ToolReport => ({
  ...NOTHING_SCANNED,
  id,
  ...imageFields(null),
  status: why,
  reason,
});

/** Counts the rows of `gts.scan/1`. */
export const scanTotals = (tools: readonly ToolReport[], unsaved = 0): CatalogueScanTotals => {
  const totals: CatalogueScanTotals = {
    selected: 0,
    scanned: 0,
    failed: 0,
    skipped_fresh: 0,
    skipped_failed: 0,
    unresolved: 0,
    not_reached: 0,
    unsaved,
  };
  for (const { status } of tools) {
    if (status !== 'selected') totals[status] += 1;
    if (DUE.has(status)) totals.selected += 1;
  }
  return totals;
};

/** `gts.top/1` of a ranking. */
export const describeRanking = ({ tools, ranked, unknown }: Ranking, sort: ToolOrder): TopDocument => ({
  schema: 'gts.top/1',
  sort,
  tools: tools.map((tool, index) => ({
    rank: index + 1,
    id: tool.id,
    status: tool.security.status,
    tag: tool.security.scanned_tag,
    digest: tool.security.scanned_digest,
    scanned_at: tool.security.trivy_scan_date,
    db_updated_at: tool.security.db_updated_at,
    coverage: tool.security.coverage,
    db_stale: tool.security.trivy_scan_date === null ? null : tool.security.db_stale === true,
    counts: tool.security.vulnerabilities === null ? null : countsOf(tool),
    pull_count: tool.pull_count,
  })),
  totals: { ranked, unknown },
});

export interface KnownTool {
  readonly tool: Tool;
  readonly resolution: Resolution;
  readonly scan: ToolScan | undefined;
  readonly failure: RememberedFailure | undefined;
}

/** `gts.tool/1` of everything that is known of a tool. */
export const describeTool = ({ tool, resolution, scan, failure }: KnownTool): ToolDocument => ({
  schema: 'gts.tool/1',
  tool,
  next: resolution.ok
    ? { ...imageFields(resolution.image), reason: null }
    : { ...imageFields(null), reason: resolution.reason },
  scan: scan === undefined ? null : scanFacts(scan),
  failure: failure === undefined ? null : { reason: failure.reason, until: failure.until },
  packages: packagesOf(scan?.findings ?? []),
});

/** Findings by the package they are in: the package with the worst finding first. */
export const packagesOf = (findings: readonly Finding[]): VulnerablePackage[] => {
  const groups = Map.groupBy(findings.toSorted(compareFindings), ({ package: name, path, installed }) =>
    JSON.stringify([name, path, installed]),
  );
  return [...groups.values()].flatMap((group) => {
    const [worst] = group;
    if (worst === undefined) return [];
    const fixed = [...new Set(group.flatMap((finding) => finding.fixed ?? []))];
    return [{ package: worst.package, path: worst.path, installed: worst.installed, fixed, findings: group }];
  });
};

const DUE: ReadonlySet<ToolReport['status']> = new Set(['scanned', 'failed', 'not_reached', 'selected']);

const NOTHING_SCANNED = {
  counts: null,
  reason: null,
  digest: null,
  source: null,
  coverage: null,
  reused: 'none',
  saved: false,
  security_status: null,
  db_stale: null,
  last_scan: null,
} as const;

const imageFields = (image: ResolvedImage | null) => ({
  image_ref: image?.imageRef ?? null,
  tag: image?.selectedTag ?? null,
  rule: image?.rule ?? null,
});

const scanFacts = (scan: ToolScan): NonNullable<ToolDocument['scan']> => ({
  image_ref: scan.imageRef,
  rule: scan.rule,
  source: scan.source,
  platform: scan.platform,
  coverage: scan.coverage,
  reason: scan.coverageReason,
  db_stale: scan.databaseStale,
});
