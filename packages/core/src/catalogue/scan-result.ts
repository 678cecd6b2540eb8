import { parseReference } from '../model/reference.ts';
import type { CompleteScan, ScanOutcome } from '../model/scan-outcome.ts';
import { countSeverities } from '../model/severity.ts';
import type { Tool, ToolSecurity, Vulnerabilities } from '../model/tool.ts';
import type { ScannerIdentity } from '../ports/image-scanner.ts';

/** What one scan of a tool's image came to. */
export interface ScanResult {
  readonly success: boolean;
  /** Null when it failed. */
  readonly vulnerabilities: Vulnerabilities | null;
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
  };
  return outcome.status === 'complete'
    ? { ...common, ...foundBy(outcome, image.digest ?? outcome.digest) }
    : {
        ...common,
        success: false,
        vulnerabilities: null,
        scanDate: image.now.toISOString(),
        error: outcome.reason.message,
        scannedDigest: image.digest ?? null,
      };
};

/**
 * The tool with what a scan found: `vulnerable` where anything critical or high was, else `ok`.
 * A failed scan leaves the tool as it was; fields of others in `security` stay.
 */
export const updateToolSecurity = (tool: Tool, result: ScanResult): Tool =>
  result.success && result.vulnerabilities !== null
    ? { ...tool, security: { ...tool.security, ...securityOf(result, result.vulnerabilities) } }
    : tool;

const securityOf = (result: ScanResult, vulnerabilities: Vulnerabilities): ToolSecurity => ({
  status: vulnerabilities.critical + vulnerabilities.high > 0 ? 'vulnerable' : 'ok',
  scanned_tag: result.scannedTag,
  scanned_digest: result.scannedDigest,
  trivy_scan_date: result.scanDate,
  trivy_version: result.trivyVersion,
  db_updated_at: result.dbUpdatedAt,
  vulnerabilities,
});

const foundBy = (scan: CompleteScan, scannedDigest: string | null) => ({
  success: true,
  vulnerabilities: countSeverities(scan.findings),
  scanDate: scan.scannedAt,
  error: null,
  scannedDigest,
});

const tagOf = (imageRef: string): string | null => {
  const parsed = parseReference(imageRef);
  return parsed.ok ? parsed.reference.tag : null;
};
