import type { Finding, TagDetails, Tool, ToolScan, ToolSecurity } from '@scanner/core';

const DAY_MS = 24 * 3_600_000;
const FINDINGS = 150;
const TAGS = 50;
const NAMESPACES = 500;

/** How many tools there are for each one that is due: half of those were never scanned, the others a month ago. */
const TOOLS_PER_DUE = 10;

export function measuredId(index: number): string {
  return `docker_hub:${namespaceOf(index)}/${nameOf(index)}`;
}

/** Tool number `index`, with 50 tags; what is not due was scanned the day before `now`. */
export function measuredTool(index: number, now: Date): Tool {
  return {
    id: measuredId(index),
    name: nameOf(index),
    namespace: namespaceOf(index),
    source: 'docker_hub',
    description: `What tool ${index} is good for, in a sentence of common length.`,
    pull_count: index * 7919,
    star_count: index % 1000,
    last_updated: new Date(now.getTime() - DAY_MS).toISOString(),
    docker_tags: tagNames(index),
    tags_note: null,
    security: securityOf(index, scannedAt(index, now)),
  };
}

/** What scraping learns of a tool's tags, a page; where there is `latest`, it is the same image as the newest version. */
export function measuredTags(index: number, now: Date): TagDetails[] {
  const newest = newestVersion(index);
  return [...tagNames(index), ...olderNames(index)].map((name, age) => ({
    name,
    digest: digestOf(`${index}${name === 'latest' ? newest : name}`),
    platforms: ['linux/amd64', 'linux/arm64/v8'],
    pushedAt: new Date(now.getTime() - age * 3_600_000).toISOString(),
    ...(age >= TAGS && { published: false }),
  }));
}

export function isDue(index: number): boolean {
  return index % TOOLS_PER_DUE === 0;
}

/** The tag that each policy has to choose for tool number `index`. */
export function expectedTag(index: number, policy: 'priority' | 'smart'): string {
  if (policy === 'smart' && (firstName(index) === 'latest' || !hasStable(index))) return newestVersion(index);
  return hasStable(index) ? 'stable' : firstName(index);
}

/** A scan as large as those of common images: 150 findings. `number` makes it another than the one before. */
export function measuredScan(number: number, now: Date): ToolScan {
  return {
    security: securityOf(number, new Date(now.getTime() + number)),
    imageRef: `namespace/tool-${number}:latest`,
    rule: 'latest',
    source: 'remote',
    platform: 'linux/amd64',
    coverage: 'full',
    coverageReason: null,
    databaseGeneration: 'generation',
    databaseStale: false,
    findings: Array.from({ length: FINDINGS }, (_, finding) => findingOf(number, finding)),
  };
}

function namespaceOf(index: number): string {
  return `namespace${String(index % NAMESPACES).padStart(3, '0')}`;
}

function nameOf(index: number): string {
  return `tool-${index}`;
}

function scannedAt(index: number, now: Date): Date | null {
  if (!isDue(index)) return new Date(now.getTime() - DAY_MS);
  return index % (2 * TOOLS_PER_DUE) === 0 ? null : new Date(now.getTime() - 30 * DAY_MS);
}

function securityOf(index: number, scanned: Date | null): ToolSecurity {
  const isKnown = scanned !== null;
  return {
    status: isKnown ? 'vulnerable' : 'unknown',
    coverage: isKnown ? 'full' : null,
    scanned_tag: isKnown ? 'latest' : null,
    scanned_digest: isKnown ? digestOf(String(index)) : null,
    trivy_scan_date: scanned?.toISOString() ?? null,
    trivy_version: isKnown ? '0.74.0' : null,
    db_updated_at: scanned?.toISOString() ?? null,
    vulnerabilities: isKnown
      ? { critical: (index * 31) % 50, high: 20 + (index % 7), medium: 60, low: 69, unknown: 0 }
      : null,
  };
}

function findingOf(number: number, finding: number): Finding {
  const vulnerability = `CVE-2026-${number + finding}`;
  const installed = `1.${finding}.${number % 13}-2+deb12u1`;
  return {
    key: `${vulnerability}|pkg:deb/debian/package-${finding}|`,
    vulnerability,
    package: `package-${finding}`,
    path: null,
    installed,
    fixed: `1.${finding}.${number % 13}-2+deb12u2`,
    severity: 'HIGH',
    status: 'fixed',
    title: `package-${finding}: something that can overflow in a function with the number ${number * 31 + finding}`,
    url: `https://avd.aquasec.com/nvd/${vulnerability.toLowerCase()}`,
  };
}

function tagNames(index: number): string[] {
  const versions = Array.from({ length: TAGS }, (_, age) =>
    age % 2 === 0 ? `1.${TAGS - age}.${index % 10}` : `1.${TAGS - age + 1}.${index % 10}-alpine`,
  );
  return [firstName(index), ...versions.slice(0, TAGS - 2), hasStable(index) ? 'stable' : 'edge'];
}

/** Those of the same page that are not published. */
function olderNames(index: number): string[] {
  return Array.from({ length: TAGS }, (_, age) => `0.${TAGS - age}.${index % 10}`);
}

function newestVersion(index: number): string {
  return `1.${TAGS}.${index % 10}`;
}

/** Most have `latest`. */
function firstName(index: number): string {
  return index % 4 === 3 ? 'main' : 'latest';
}

function hasStable(index: number): boolean {
  return index % 3 === 0;
}

/** Of the right form, and different for different texts of letters, digits, dots and hyphens. */
function digestOf(text: string): string {
  return `sha256:${Buffer.from(text).toString('hex').padStart(64, '0').slice(-64)}`;
}
