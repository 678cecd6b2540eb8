import { findingKey, type Finding } from '../model/finding.ts';
import type { HostImage } from '../model/image.ts';
import type { CompleteScan } from '../model/scan-outcome.ts';

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
  digest: null,
  layers: [],
  findings: [],
  analysis: 'new',
  scannedAt: '2026-11-22T01:02:03.456Z',
  durationSeconds: 0.5,
  ...given,
});
