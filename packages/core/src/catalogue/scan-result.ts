import { parseReference } from '../model/reference.ts';
import type { CompleteScan, Coverage, ScanOutcome } from '../model/scan-outcome.ts';
import { countSeverities } from '../model/severity.ts';
import { statusOf, type Tool, type ToolSecurity, type Vulnerabilities } from '../model/tool.ts';
import type { ScannerIdentity } from '../ports/image-scanner.ts';

/** What one scan of a tool's image came to. */
export interface ScanResult {
  readonly success: boolean;
  /** Null when it failed. */
  readonly vulnerabilities: Vulnerabilities | null;
  /** How much of the image could be judged: without findings it is clean only where this is `full`. Null when it failed. */
  readonly coverage: Coverage | null;
  /** ISO 8601, UTC */
  readonly scanDate: string;
  /** One line, null when it succeeded. */
  readonly error: string | null;
  readonly scanDurationSeconds: number;
  readonly imageRef: string;
  /** The tag in `imageRef`; null where it names none. */
  readonly scannedTag: string | null;
  readonly scannedDigest: string | null;
  readonly trivyVersion: string;
  /** ISO 8601 */
  readonly dbUpdatedAt: string | null;
  /** The database was older than it may be: what was published since is missing. */
  readonly dbStale?: true;
}

export interface ScannedImage {
  readonly imageRef: string;
  readonly identity: ScannerIdentity;
  /** What the registry said that the name stands for; else what the scan itself says. */
  readonly digest?: string | null;
  /** When a failure was seen; a scan that succeeded knows its own time. */
  readonly now: Date;
}

/**
 * A scan's outcome as the result of scanning a tool. The image's name and tag stand in it on failure too.
 *
 * @example
 * toScanResult(await scanner.scan(request), { imageRef: 'postgres:stable', identity: scanner.identity, now: new Date() })
 */
export const toScanResult = (outcome: ScanOutcome, image: ScannedImage): ScanResult => {
  const common = {
    imageRef: image.imageRef,
    scannedTag: tagOf(image.imageRef),
    scanDurationSeconds: outcome.durationSeconds,
    trivyVersion: image.identity.trivyVersion,
    dbUpdatedAt: image.identity.databaseUpdatedAt,
    ...(image.identity.databaseStale && { dbStale: true as const }),
  };
  return outcome.status === 'complete'
    ? { ...common, ...foundBy(outcome, image.digest ?? outcome.digest) }
    : {
        ...common,
        success: false,
        vulnerabilities: null,
        coverage: null,
        scanDate: image.now.toISOString(),
        error: outcome.reason.message,
        scannedDigest: image.digest ?? null,
      };
};

/**
 * The tool with what a scan found: `vulnerable` where anything critical or high was, else `ok` where all of the image
 * could be judged, else `unknown`. A failed scan leaves the tool as it was; fields of others in `security` stay.
 */
export const updateToolSecurity = (tool: Tool, result: ScanResult): Tool =>
  result.success && result.vulnerabilities !== null
    ? { ...tool, security: { ...withoutStaleness(tool.security), ...securityOf(result, result.vulnerabilities) } }
    : tool;

const securityOf = (result: ScanResult, vulnerabilities: Vulnerabilities): ToolSecurity => {
  const coverage = result.coverage ?? null;
  return {
    status: statusOf({ coverage, vulnerabilities }),
    coverage,
    scanned_tag: result.scannedTag,
    scanned_digest: result.scannedDigest,
    trivy_scan_date: result.scanDate,
    trivy_version: result.trivyVersion,
    db_updated_at: result.dbUpdatedAt,
    ...(result.dbStale === true && { db_stale: true }),
    vulnerabilities,
  };
};

/** A database that is too old is said of the scan that used it, and of no later one. */
export const withoutStaleness = (known: ToolSecurity): ToolSecurity => {
  const { db_stale: _stale, ...security } = known;
  return security;
};

const foundBy = (scan: CompleteScan, scannedDigest: string | null) => ({
  success: true,
  vulnerabilities: countSeverities(scan.findings),
  coverage: scan.coverage,
  scanDate: scan.scannedAt,
  error: null,
  scannedDigest,
});

const tagOf = (imageRef: string): string | null => {
  const parsed = parseReference(imageRef);
  return parsed.ok ? parsed.reference.tag : null;
};
