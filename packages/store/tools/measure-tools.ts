/**
 * Measures the catalogue by hand: `node --conditions=@scanner/source tools/measure-tools.ts 100000`.
 * Prints one JSON object: milliseconds of a save (p50, p99, max), of reading and publishing all, and memory in MB.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Finding, Tool, type ToolScan } from '@scanner/core';
import { openToolStore } from '@scanner/store';

const SAVES = 1000;
const FINDINGS = 150;

export const measuredTool = (index: number): Tool =>
  Tool.parse({
    id: `docker_hub:namespace${String(index % 500).padStart(3, '0')}/tool-${index}`,
    name: `tool-${index}`,
    namespace: `namespace${String(index % 500).padStart(3, '0')}`,
    description: `What tool ${index} is good for, in a sentence of common length.`,
    pull_count: index * 7919,
    docker_tags: Array.from({ length: 50 }, (_, tag) => `1.${tag}.${index % 10}-alpine`),
  });

export const measuredScan = (index: number): ToolScan => ({
  security: {
    status: 'vulnerable',
    coverage: 'full',
    scanned_tag: 'latest',
    scanned_digest: `sha256:${String(index).padStart(64, '0')}`,
    trivy_scan_date: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    trivy_version: '0.74.0',
    db_updated_at: '2026-11-22T00:00:00.000Z',
    vulnerabilities: { critical: 1, high: 20, medium: 60, low: 69, unknown: 0 },
  },
  imageRef: `namespace/tool-${index}:latest`,
  rule: 'latest',
  source: 'remote',
  platform: 'linux/amd64',
  coverage: 'full',
  coverageReason: null,
  databaseGeneration: 'g1',
  databaseStale: false,
  findings: Array.from({ length: FINDINGS }, (_, finding) => measuredFinding(index, finding)),
});

const measuredFinding = (index: number, finding: number): Finding => ({
  key: `CVE-2026-${index + finding}|pkg:deb/debian/package-${finding}|`,
  vulnerability: `CVE-2026-${index + finding}`,
  package: `package-${finding}`,
  path: null,
  installed: `1.${finding}.${index % 13}-2+deb12u1`,
  fixed: `1.${finding}.${index % 13}-2+deb12u2`,
  severity: 'HIGH',
  status: 'fixed',
  title: `package-${finding}: something that can overflow in a function with the number ${index * 31 + finding}`,
  url: `https://avd.aquasec.com/nvd/cve-2026-${index + finding}`,
});

/** Milliseconds of each save, of reading all tools, of publishing them, and the megabytes they took. */
export const measureCatalogue = async (directory: string, count: number) => {
  const store = await openToolStore(directory);
  for (let start = 0; start < count; start += 1000) {
    const tools = Array.from({ length: Math.min(1000, count - start) }, (_, index) => measuredTool(start + index));
    store.saveScraped(tools.map((tool) => ({ tool, tags: [], tagsKnown: true })));
  }
  await store.flush();
  const saves: number[] = [];
  for (let index = 0; index < SAVES; index += 1) {
    const { id } = measuredTool((index * 7919) % count);
    const scan = measuredScan(index);
    saves.push(await timed(() => store.saveScan(id, scan)));
    if (index % 3 === 0) await new Promise(setImmediate);
  }
  const publishing = await timed(() => store.flush());
  const memoryBefore = process.memoryUsage.rss();
  let read = 0;
  const reading = await timed(() => {
    for (const _ of store.tools()) read += 1;
  });
  const ids = Array.from({ length: Math.min(count, 100_000) }, (_, index) => measuredTool(index).id);
  const failures = await timed(() => ids.forEach((id) => store.failureOf(id)));
  const closing = await timed(() => store.close());
  saves.sort((a, b) => a - b);
  return {
    count,
    read,
    save: { p50: saves[SAVES * 0.5], p99: saves[SAVES * 0.99], max: saves.at(-1) },
    publishing,
    reading,
    failures,
    closing,
    fileBytes: statSync(join(directory, 'processed', 'tools.json')).size,
    megabytes: { beforeReading: memoryBefore / 1024 ** 2, peak: process.resourceUsage().maxRSS / 1024 },
  };
};

const timed = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

if (import.meta.main) {
  const directory = mkdtempSync(join(process.env['GTS_MEASURE_DIR'] ?? tmpdir(), 'gts-measure-'));
  console.log(JSON.stringify(await measureCatalogue(directory, Number(process.argv[2] ?? 100)), null, 1));
  rmSync(directory, { recursive: true });
}
