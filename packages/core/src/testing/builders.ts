import { findingKey, type Finding } from '../model/finding.ts';
import type { HostImage } from '../model/image.ts';
import type { CompleteScan } from '../model/scan-outcome.ts';
import { Tool } from '../model/tool.ts';
import type { ToolScan } from '../ports/tool-store.ts';

/** A finding that stands for any; the key follows from the vulnerability, package and path unless given. */
export const aFinding = (given: Partial<Finding> = {}): Finding => {
  const finding = {
    vulnerability: 'CVE-2026-1000',
    package: 'openssl',
    path: null,
    installed: '3.0.1-1',
    fixed: '3.0.2-1',
    severity: 'HIGH' as const,
    status: 'fixed',
    title: 'openssl: a flaw',
    url: 'https://avd.aquasec.com/nvd/cve-2026-1000',
    ...given,
  };
  const key = findingKey({
    vulnerability: finding.vulnerability,
    package: { purl: `pkg:deb/debian/${finding.package}@${finding.installed}` },
    path: finding.path,
  });
  return { key, ...finding };
};

/** An image whose content follows from its ID, so that two IDs are two contents. */
export const anImage = (given: Partial<HostImage> = {}): HostImage => {
  const id = given.id ?? `sha256:${'a'.repeat(64)}`;
  return {
    id,
    references: ['app:1'],
    tagged: true,
    containers: [],
    platform: 'linux/amd64',
    layers: [`${id}-base`, `${id}-top`],
    sizeBytes: 1_000_000,
    ...given,
  };
};

export const aCompleteScan = (given: Partial<CompleteScan> = {}): CompleteScan => ({
  status: 'complete',
  coverage: 'full',
  reason: null,
  os: { family: 'debian', name: '12.5' },
  imageId: null,
  digest: null,
  layers: [],
  findings: [],
  analysis: 'new',
  scannedAt: '2026-11-22T01:02:03.456Z',
  durationSeconds: 0.5,
  ...given,
});

/** A tool that was never scanned; name and namespace follow from the ID unless given. */
export const aTool = (given: Partial<Tool> = {}): Tool => {
  const id = given.id ?? 'docker_hub:library/postgres';
  const [, namespace, name] = /:([^/]*)\/(.*)$/.exec(id) ?? [];
  return Tool.parse({ name, namespace, docker_tags: ['latest'], ...given, id });
};

/** What a scan of `postgres:stable` left that found nothing. */
export const aToolScan = (given: Partial<ToolScan> = {}): ToolScan => ({
  security: {
    status: 'ok',
    coverage: 'full',
    scanned_tag: 'stable',
    scanned_digest: `sha256:${'d'.repeat(64)}`,
    trivy_scan_date: '2026-11-22T01:02:03.456Z',
    trivy_version: '0.74.0',
    db_updated_at: '2026-11-21T00:00:00Z',
    vulnerabilities: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
  },
  imageRef: 'postgres:stable',
  rule: 'stable',
  source: 'remote',
  platform: 'linux/amd64',
  coverage: 'full',
  coverageReason: null,
  databaseGeneration: 'g1',
  databaseStale: false,
  findings: [],
  ...given,
});
