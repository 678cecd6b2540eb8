import { describe, expect, it } from 'vitest';

import { CatalogueScanDocument } from '../documents/catalogue-scan-document.ts';
import { ToolDocument } from '../documents/tool-document.ts';
import { TopDocument } from '../documents/top-document.ts';
import { aFinding, aTool, aToolScan } from '../testing/builders.ts';
import {
  describeRanking,
  describeTool,
  leftOutReport,
  packagesOf,
  resultReport,
  scanTotals,
  selectedReport,
} from './describe-tools.ts';
import { rankTools } from './rank-tools.ts';
import { withoutScan } from './tool-result.ts';

const image = { imageRef: 'postgres:stable', selectedTag: 'stable', rule: 'stable' } as const;
const scanned = aTool({ security: aToolScan().security });

describe('the document of a scan', () => {
  it('has a row for every tool, and counts them', () => {
    const tools = [
      resultReport({
        tool: scanned,
        image,
        status: 'scanned',
        reason: null,
        source: 'remote',
        coverage: 'full',
        reused: 'none',
        saved: true,
      }),
      resultReport(withoutScan(aTool(), image, 'failed', { code: 'corrupt', message: 'a layer is cut' })),
      resultReport(withoutScan(aTool(), image, 'not_reached', { code: 'interrupted', message: 'stopped' })),
      leftOutReport({ id: 'a', why: 'skipped_fresh', reason: null }),
      leftOutReport({ id: 'b', why: 'skipped_failed', reason: { code: 'not_found', message: 'gone' } }),
      leftOutReport({ id: 'c', why: 'unresolved', reason: { code: 'bad_reference', message: 'odd' } }),
    ];
    const totals = scanTotals(tools, 0);
    expect(totals).toEqual({
      selected: 3,
      scanned: 1,
      failed: 1,
      skipped_fresh: 1,
      skipped_failed: 1,
      unresolved: 1,
      not_reached: 1,
      unsaved: 0,
    });
    const document = { schema: 'gts.scan/1', dry_run: false, tools, totals, resume_at: null };
    expect(CatalogueScanDocument.parse(document)).toEqual(document);
    expect(tools[0]).toMatchObject({ image_ref: 'postgres:stable', tag: 'stable', counts: { high: 0 } });
    expect(tools[1]).toMatchObject({ counts: null, digest: null, reason: { code: 'corrupt' } });
  });

  it('of a dry run says what would be scanned and what is known so far', () => {
    const known = { coverage: null, databaseStale: false, lastScan: null };
    const row = selectedReport({ id: scanned.id, image, status: 'unknown', ...known });
    expect(row).toMatchObject({
      status: 'selected',
      image_ref: 'postgres:stable',
      security_status: 'unknown',
      coverage: null,
      db_stale: null,
      last_scan: null,
    });
    expect(scanTotals([row])).toMatchObject({ selected: 1, scanned: 0 });
  });
});

describe('the document of a ranking', () => {
  it('numbers the tools and says how far each could be judged', () => {
    const old = aTool({ security: { ...scanned.security, status: 'unknown', coverage: 'eol', db_stale: true } });
    const document = describeRanking(rankTools([old, aTool({ id: 'docker_hub:acme/new' })]), 'risk');
    expect(TopDocument.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      tools: [{ rank: 1, status: 'unknown', tag: 'stable', coverage: 'eol', db_stale: true, counts: { critical: 0 } }],
      totals: { ranked: 1, unknown: 1 },
    });
  });
});

describe('the document of a tool', () => {
  it('says what is known, why that tag, and what the next scan would take', () => {
    const document = describeTool({
      tool: scanned,
      resolution: { ok: true, image },
      scan: aToolScan({ findings: [aFinding()] }),
      failure: { reason: { code: 'timeout', message: 'took too long' }, until: '2026-11-22T02:00:00.000Z' },
    });
    expect(ToolDocument.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      next: { image_ref: 'postgres:stable', rule: 'stable', reason: null },
      scan: { rule: 'stable', source: 'remote' },
      failure: { reason: { code: 'timeout' } },
      packages: [{ package: 'openssl', fixed: ['3.0.2-1'] }],
    });
  });

  it('of a tool that was never scanned and cannot be says why', () => {
    const reason = { code: 'bad_reference', message: 'it is not from Docker Hub' } as const;
    const document = describeTool({
      tool: aTool(),
      resolution: { ok: false, reason },
      scan: undefined,
      failure: undefined,
    });
    expect(ToolDocument.parse(document)).toMatchObject({
      next: { tag: null, reason },
      scan: null,
      failure: null,
      packages: [],
    });
  });
});

describe('findings by package', () => {
  it('put the package with the worst first and gather the versions that mend it', () => {
    const packages = packagesOf([
      aFinding({ package: 'zlib', severity: 'LOW', fixed: null }),
      aFinding({ vulnerability: 'CVE-1', severity: 'MEDIUM', fixed: '3.0.2-1' }),
      aFinding({ vulnerability: 'CVE-2', severity: 'CRITICAL', fixed: '3.0.3-1' }),
      aFinding({ vulnerability: 'CVE-3', severity: 'LOW', fixed: '3.0.2-1' }),
    ]);
    expect(packages.map(({ package: name, fixed, findings }) => [name, fixed, findings.length])).toEqual([
      ['openssl', ['3.0.3-1', '3.0.2-1'], 3],
      ['zlib', [], 1],
    ]);
  });
});
