import type { HostScanDocument, ImageReport } from '../documents/host-scan-document.ts';
import { totalsOf } from '../documents/totals.ts';
import { countSeverities } from '../model/severity.ts';

/** A report of an image that was fully judged; the counts follow from the findings unless given. */
export const anImageReport = (given: Partial<ImageReport> = {}): ImageReport => ({
  id: `sha256:${'a'.repeat(64)}`,
  references: ['app:1'],
  source: 'docker',
  containers: [],
  status: 'complete',
  reason: null,
  coverage: 'full',
  reused: 'none',
  counts: countSeverities(given.findings ?? []),
  findings: [],
  baselines: [],
  log: null,
  ...given,
});

/** A pass of these images; the totals follow from them unless given. */
export const aHostScan = (
  images: readonly ImageReport[] = [],
  given: Partial<HostScanDocument> = {},
): HostScanDocument => ({
  schema: 'gts.host-scan/1',
  started_at: '2026-11-22T01:02:03.456Z',
  finished_at: '2026-11-22T01:02:33.456Z',
  trivy: { version: '0.74.0', db_updated_at: '2026-11-21T06:12:00Z', db_stale: false },
  filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
  images: [...images],
  totals: totalsOf(images),
  ...given,
});
