import { describe, expect, it } from 'vitest';

import { aCompleteScan, aFinding, aTool } from '../testing/builders.ts';
import { failedWith, ScriptedScanner } from '../testing/fakes.ts';
import { type ScanResult, toScanResult, updateToolSecurity } from './scan-result.ts';

const { identity } = new ScriptedScanner();
const now = new Date('2026-11-22T02:00:00.000Z');
const DIGEST = `sha256:${'d'.repeat(64)}`;

const resultOf = (imageRef: string, outcome = aCompleteScan(), digest: string | null = DIGEST) =>
  toScanResult(outcome, { imageRef, identity, digest, now });

describe('tag extraction from the reference', () => {
  it.each([
    ['postgres:stable', 'stable'],
    ['bitnami/postgresql:16.1.0', '16.1.0'],
    ['registry:5000/app:1.2', '1.2'],
    [`app:1.2@${DIGEST}`, '1.2'],
  ])('finds the tag of %s', (imageRef, tag) => {
    expect(resultOf(imageRef).scannedTag).toBe(tag);
  });
});

describe('images without tags', () => {
  it.each(['postgres', 'registry:5000/app', `postgres@${DIGEST}`, 'not a reference'])('%s has none', (imageRef) => {
    expect(resultOf(imageRef).scannedTag).toBeNull();
  });
});

describe('tag preservation on errors', () => {
  it('keeps reference and tag, and says what went wrong', () => {
    const failed = failedWith('timeout', { durationSeconds: 900 });
    expect(toScanResult(failed, { imageRef: 'postgres:stable', identity, now })).toEqual({
      success: false,
      vulnerabilities: null,
      coverage: null,
      scanDate: '2026-11-22T02:00:00.000Z',
      error: 'it was timeout',
      scanDurationSeconds: 900,
      imageRef: 'postgres:stable',
      scannedTag: 'stable',
      scannedDigest: null,
      trivyVersion: '0.74.0',
      dbUpdatedAt: '2026-11-21T00:00:00Z',
    });
  });
});

describe('the result of a scan that succeeded', () => {
  it('counts what was found, as of when it was found', () => {
    const findings = [aFinding({ severity: 'CRITICAL' }), aFinding({ severity: 'LOW' })];
    expect(resultOf('postgres:stable', aCompleteScan({ findings }))).toMatchObject({
      success: true,
      vulnerabilities: { critical: 1, high: 0, medium: 0, low: 1, unknown: 0 },
      coverage: 'full',
      scanDate: '2026-11-22T01:02:03.456Z',
      error: null,
      scannedDigest: DIGEST,
    });
  });

  it('takes the digest that the scan itself saw where no registry was asked', () => {
    expect(resultOf('postgres:stable', aCompleteScan({ digest: DIGEST }), null).scannedDigest).toBe(DIGEST);
  });
});

describe("a tool's security", () => {
  it.each([
    ['CRITICAL', 'vulnerable'],
    ['HIGH', 'vulnerable'],
    ['MEDIUM', 'ok'],
    ['LOW', 'ok'],
    ['UNKNOWN', 'ok'],
  ] as const)('with one %s finding is %s', (severity, status) => {
    const result = resultOf('postgres:stable', aCompleteScan({ findings: [aFinding({ severity })] }));
    expect(updateToolSecurity(aTool(), result).security.status).toBe(status);
  });

  it.each([
    ['full', [], 'ok'],
    ['partial', [], 'unknown'],
    ['unsupported', [], 'unknown'],
    ['eol', [], 'unknown'],
    ['partial', [aFinding({ severity: 'MEDIUM' })], 'unknown'],
    ['eol', [aFinding({ severity: 'HIGH' })], 'vulnerable'],
    ['partial', [aFinding({ severity: 'CRITICAL' })], 'vulnerable'],
  ] as const)('of coverage %s with %j is %s', (coverage, findings, status) => {
    const result = resultOf('postgres:stable', aCompleteScan({ coverage, findings: [...findings] }));
    expect(result).toMatchObject({ success: true, coverage });
    expect(updateToolSecurity(aTool(), result).security).toMatchObject({ status, coverage });
  });

  it('is not ok by the word of a scanner that says nothing of coverage', () => {
    const result = { ...resultOf('postgres:stable'), coverage: undefined } as unknown as ScanResult;
    expect(updateToolSecurity(aTool(), result).security).toMatchObject({ status: 'unknown', coverage: null });
  });

  it('says that the database was too old, and no longer once it is not', () => {
    const stale = toScanResult(aCompleteScan(), {
      imageRef: 'postgres:stable',
      identity: { ...identity, databaseStale: true },
      now,
    });
    const tool = updateToolSecurity(aTool(), stale);
    expect(tool.security.db_stale).toBe(true);
    expect(updateToolSecurity(tool, resultOf('postgres:stable')).security).not.toHaveProperty('db_stale');
  });

  it('says what was scanned, when and with what', () => {
    expect(updateToolSecurity(aTool(), resultOf('postgres:stable')).security).toEqual({
      status: 'ok',
      coverage: 'full',
      scanned_tag: 'stable',
      scanned_digest: DIGEST,
      trivy_scan_date: '2026-11-22T01:02:03.456Z',
      trivy_version: '0.74.0',
      db_updated_at: '2026-11-21T00:00:00Z',
      vulnerabilities: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
    });
  });

  it('keeps fields it does not know, in the tool and in its security', () => {
    const tool = aTool({ rating: 5, security: { ...aTool().security, reviewed_by: 'ann' } });
    const updated = updateToolSecurity(tool, resultOf('postgres:stable'));
    expect(updated).toMatchObject({ rating: 5, security: { reviewed_by: 'ann', status: 'ok' } });
  });

  it('stays as it was after a failed scan', () => {
    const tool = updateToolSecurity(aTool(), resultOf('postgres:stable'));
    expect(updateToolSecurity(tool, toScanResult(failedWith('corrupt'), { imageRef: 'x', identity, now }))).toBe(tool);
  });
});
