import { expect, test } from 'vitest';

import {
  type CatalogueScanDocument,
  countSeverities,
  type Coverage,
  describeRanking,
  describeTool,
  rankTools,
  scanTotals,
  type ScrapeDocument,
  type ToolReport,
} from '@scanner/core';
import { aFinding, aTool, aToolScan } from '@scanner/core/testing';

import { widthOf } from '../text/width.ts';
import { renderScanPlan } from './scan-plan.ts';
import { renderScanSummary } from './scan-summary.ts';
import { renderScrapeSummary } from './scrape-summary.ts';
import { renderTool } from './tool-page.ts';
import { renderTop } from './top.ts';

const PLAIN = { width: 100, color: false, unicode: true };

const aReport = (given: Partial<ToolReport> = {}): ToolReport => ({
  id: 'docker_hub:library/postgres',
  image_ref: 'postgres:stable',
  tag: 'stable',
  rule: 'stable',
  status: 'selected',
  counts: null,
  reason: null,
  digest: null,
  source: null,
  coverage: null,
  reused: 'none',
  saved: false,
  security_status: 'unknown',
  last_scan: null,
  ...given,
});

const aScan = (tools: ToolReport[], given: Partial<CatalogueScanDocument> = {}): CatalogueScanDocument => ({
  schema: 'gts.scan/1',
  dry_run: false,
  tools,
  totals: scanTotals(tools),
  resume_at: null,
  ...given,
});

const NO_IMAGE = { ok: false, reason: { code: 'no_such_platform', message: 'no tag carries a Linux image' } } as const;

const redis = aReport({ id: 'docker_hub:library/redis', image_ref: 'redis:alpine' });
const bitnami = aReport({ id: 'docker_hub:bitnami/postgresql', image_ref: 'bitnami/postgresql:16.1.0' });

test('shows what would be scanned in a frame, and counts what would not', () => {
  const fresh = aReport({ id: 'docker_hub:library/nginx', status: 'skipped_fresh', image_ref: null });
  const plan = aScan([aReport(), redis, bitnami, fresh], { dry_run: true });
  expect(renderScanPlan(plan, PLAIN))
    .toBe(`┌───────────────────────────────┬───────────────────────────┬─────────┬───────────┐
│ Tool ID                       │ Image Ref                 │ Status  │ Last Scan │
├───────────────────────────────┼───────────────────────────┼─────────┼───────────┤
│ docker_hub:library/postgres   │ postgres:stable           │ UNKNOWN │ Never     │
│ docker_hub:library/redis      │ redis:alpine              │ UNKNOWN │ Never     │
│ docker_hub:bitnami/postgresql │ bitnami/postgresql:16.1.0 │ UNKNOWN │ Never     │
└───────────────────────────────┴───────────────────────────┴─────────┴───────────┘
3 tools would be scanned; nothing was
Left out: 1 tool scanned not long ago
`);
});

test('gives way to a narrow terminal, and to one without line drawing', () => {
  const plan = aScan([aReport(), redis, bitnami], { dry_run: true });
  const lines = renderScanPlan(plan, { width: 60, color: false, unicode: false }).trimEnd().split('\n');
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(60);
  expect(lines[0]).toMatch(/^\+-+\+-+\+-+\+-+\+$/);
});

test('says that there is nothing to scan', () => {
  expect(renderScanPlan(aScan([]), PLAIN)).toBe('Nothing to scan\n');
  expect(renderScanSummary(aScan([]), PLAIN)).toBe('Nothing to scan\n');
});

test('sums a scan up, the worst first, and names what failed with what to do', () => {
  const counts = { critical: 1, high: 2, medium: 0, low: 0, unknown: 0 };
  const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  const scanned = { status: 'scanned', coverage: 'full', saved: true, source: 'remote' } as const;
  const gone = { code: 'not_found', message: 'the registry has no such image' } as const;
  const limited = { code: 'rate_limited', message: 'docker.io grants no more pulls for now' } as const;
  const tools = [
    aReport({ ...scanned, counts: none, security_status: 'ok', reused: 'result' }),
    aReport({ ...redis, ...scanned, counts, security_status: 'vulnerable', source: 'docker' }),
    aReport({ ...bitnami, status: 'failed', reason: gone }),
    aReport({ id: 'docker_hub:acme/later', image_ref: 'acme/later:1', status: 'not_reached', reason: limited }),
  ];
  const text = renderScanSummary(aScan(tools, { resume_at: '2026-11-22T07:00:00Z' }), { ...PLAIN, width: 120 });
  expect(text).toBe(`4 tools to scan: 2 scanned, 1 failed, 1 not reached

TOOL                         IMAGE            CRIT  HIGH  MED  LOW  ?  STATUS      NOTE
docker_hub:library/redis     redis:alpine        1     2    0    0  0  vulnerable  from the local engine
docker_hub:library/postgres  postgres:stable     0     0    0    0  0  ok          unchanged

Failed, 1 tool: not_found: the registry has no such image
    docker_hub:bitnami/postgresql (bitnami/postgresql:16.1.0)
    → scrape its namespace again with --refresh: the tag may be gone

Not reached, 1 tool: rate_limited: docker.io grants no more pulls for now
    docker_hub:acme/later (acme/later:1)
    → wait until the registry answers again, or log in to it with \`docker login\`
The registry grants more pulls from 2026-11-22 07:00 UTC on
`);
});

const vulnerable = (id: string, critical: number, coverage: Coverage = 'full') =>
  aTool({
    id,
    pull_count: 12_981_954_060,
    security: {
      ...aToolScan().security,
      status: 'vulnerable',
      coverage,
      vulnerabilities: { critical, high: 1, medium: 0, low: 0, unknown: 2 },
    },
  });

test('ranks tools with tag, digest and dates, and says how many are unknown', () => {
  const tools = [
    vulnerable('docker_hub:library/a', 1, 'partial'),
    vulnerable('docker_hub:library/b', 3, 'partial'),
    aTool(),
  ];
  const ranking = describeRanking(rankTools(tools), 'risk');
  expect(renderTop(ranking, { ...PLAIN, width: 140 })).toBe(
    `#  TOOL                  TAG     CRIT  HIGH  MED  LOW  ?  STATUS               SCANNED     PULLS  DATABASE    DIGEST
1  docker_hub:library/b  stable     3     1    0    0  2  vulnerable, partial  2026-11-22  13.0B  2026-11-21  sha256:dddddddddddd
2  docker_hub:library/a  stable     1     1    0    0  2  vulnerable, partial  2026-11-22  13.0B  2026-11-21  sha256:dddddddddddd

2 of 2 tools, by risk
1 tool never scanned: nothing is known of them; \`gts scan\` finds out
`,
  );
});

test.each([
  ['full', 'ok', undefined, 'ok'],
  ['full', 'ok', true, 'ok, old database'],
  ['partial', 'unknown', undefined, 'partial'],
  ['unsupported', 'unknown', undefined, 'unsupported'],
  ['eol', 'unknown', true, 'end of life, old database'],
  ['eol', 'vulnerable', undefined, 'vulnerable, end of life'],
  [null, 'unknown', undefined, 'unknown'],
] as const)('what was judged %s and is %s (stale: %s) is "%s" in every list', (coverage, status, stale, shown) => {
  const security = { ...aToolScan().security, status, coverage, ...(stale && { db_stale: stale }) };
  const tool = aTool({ security });
  const row = { security_status: status, coverage, db_stale: stale ?? false, counts: countSeverities([]) };
  const wide = { ...PLAIN, width: 140 };

  const texts = [
    renderTop(describeRanking(rankTools([tool]), 'risk'), wide),
    renderScanSummary(aScan([aReport({ ...row, status: 'scanned', saved: true })]), wide),
    renderScanPlan(aScan([aReport(row)], { dry_run: true }), wide),
    renderTool(describeTool({ tool, resolution: NO_IMAGE, scan: undefined, failure: undefined }), wide),
  ];

  for (const text of texts) {
    expect(text.toLowerCase()).toMatch(new RegExp(`  ${shown}(?:[ :]|$)|│ ${shown} `, 'm'));
    expect(/ ok(?: |:|$)/im.test(text)).toBe(shown === 'ok');
  }
});

test('says of a tool that nobody could judge in full why, whatever was found', () => {
  const security = { ...aToolScan().security, status: 'unknown', coverage: null } as const;
  const page = renderTool(
    describeTool({ tool: aTool({ security }), resolution: NO_IMAGE, scan: undefined, failure: undefined }),
    PLAIN,
  );
  expect(page).toContain('Last scan: 2026-11-22 01:02 UTC');
  expect(page).toContain('! nobody knows how much of it could be judged: the next scan finds out');
});

test('tells of one tool why its tag was chosen, and what mends each package', () => {
  const { security } = vulnerable('docker_hub:library/postgres', 1);
  const tool = aTool({ docker_tags: ['latest', 'stable'], description: 'A database', star_count: 7, security });
  const findings = [
    aFinding({ severity: 'CRITICAL', vulnerability: 'CVE-2026-1', fixed: '3.0.3-1' }),
    aFinding({ vulnerability: 'CVE-2026-2' }),
    aFinding({ vulnerability: 'CVE-2026-3', package: 'zlib', installed: '1.2', fixed: null, status: 'affected' }),
  ];
  const document = describeTool({
    tool,
    resolution: { ok: true, image: { imageRef: 'postgres:stable', selectedTag: 'stable', rule: 'stable' } },
    scan: aToolScan({ security, findings }),
    failure: { reason: { code: 'timeout', message: 'not done within 900 s' }, until: '2026-11-22T03:00:00Z' },
  });
  expect(renderTool(document, PLAIN)).toBe(`docker_hub:library/postgres  vulnerable: 1 critical, 1 high, 2 unknown
    A database
    pulls: -, stars: 7, last updated: an unknown time
    tags: latest, stable

Last scan: 2026-11-22 01:02 UTC
    postgres:stable: \`stable\` goes before all others
    sha256:${'d'.repeat(64)}
    linux/amd64, from the registry
    Trivy 0.74.0, database of 2026-11-21 00:00 UTC

Next scan: postgres:stable: \`stable\` goes before all others

Failed, and not tried again before 2026-11-22 03:00 UTC: timeout: not done within 900 s
    → give it more time with --timeout

openssl 3.0.1-1, fixed in 3.0.3-1, 3.0.2-1 (2 findings)
    CRITICAL  CVE-2026-1  3.0.3-1  openssl: a flaw
    HIGH      CVE-2026-2  3.0.2-1  openssl: a flaw

zlib 1.2, no fix yet (1 finding)
    HIGH  CVE-2026-3  no fix yet  openssl: a flaw
`);
});

test('says of a tool without an image why, and when nothing is known', () => {
  const document = describeTool({
    tool: aTool({ docker_tags: [], tags_note: 'no_linux_image' }),
    resolution: { ok: false, reason: { code: 'no_such_platform', message: 'none of its tags carries a Linux image' } },
    scan: undefined,
    failure: undefined,
  });
  expect(renderTool(document, PLAIN)).toContain(`Last scan: never

Next scan: none, no_such_platform: none of its tags carries a Linux image
`);
});

test('sums scraping up: what was stored, what could not be seen, what went wrong', () => {
  const document: ScrapeDocument = {
    schema: 'gts.scrape/1',
    namespaces: [
      { name: 'library', tools: 198, truncated: true, reason: '198 of 250 repositories seen' },
      { name: 'acme', tools: 2, truncated: false, reason: null },
    ],
    totals: { requests: 12, cached: 1, errors: 1 },
    errors: [{ subject: 'acme/api', code: 'server_error', message: 'HTTP 503' }],
  };
  expect(renderScrapeSummary(document, PLAIN))
    .toBe(`200 tools stored from 2 namespaces: 12 requests, 1 answer from the cache
NAMESPACE  TOOLS  NOTE
library      198  cut short: 198 of 250 repositories seen
acme           2

1 error; what was known before stays:
  acme/api: server_error: HTTP 503
`);
});

const HOSTILE = '\u001B[2Jx\nFORGED\u202E';

test('makes names from outside inert in every rendering', () => {
  const tool = aTool({ id: `docker_hub:${HOSTILE}/a`, description: HOSTILE, docker_tags: [HOSTILE] });
  const failed = aReport({
    id: HOSTILE,
    image_ref: HOSTILE,
    status: 'failed',
    reason: { code: 'unknown', message: HOSTILE },
  });
  const scanned = {
    ...tool,
    security: { ...vulnerable('x', 1).security, scanned_tag: HOSTILE, scanned_digest: HOSTILE, db_updated_at: HOSTILE },
  };
  const texts = [
    renderScanPlan(aScan([aReport({ id: HOSTILE, image_ref: HOSTILE, last_scan: HOSTILE })]), PLAIN),
    renderScanSummary(aScan([failed, { ...failed, status: 'scanned' }]), PLAIN),
    renderTop(describeRanking(rankTools([scanned]), 'risk'), PLAIN),
    renderTool(
      describeTool({
        tool: scanned,
        resolution: { ok: false, reason: { code: 'unknown', message: HOSTILE } },
        scan: aToolScan({
          imageRef: HOSTILE,
          rule: HOSTILE,
          platform: HOSTILE,
          findings: [aFinding({ package: HOSTILE })],
        }),
        failure: { reason: { code: 'unknown', message: HOSTILE }, until: HOSTILE },
      }),
      PLAIN,
    ),
    renderScrapeSummary(
      {
        schema: 'gts.scrape/1',
        namespaces: [{ name: HOSTILE, tools: 1, truncated: true, reason: HOSTILE }],
        totals: { requests: 1, cached: 0, errors: 1 },
        errors: [{ subject: HOSTILE, code: HOSTILE, message: HOSTILE }],
      },
      PLAIN,
    ),
  ];
  for (const text of texts) {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toMatch(/^FORGED/m);
  }
});
