import { describe, expect, it } from 'vitest';

import { completeReport, failedReport } from '../host/image-report.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { compareImages } from './compare-images.ts';

const subject = { id: null, references: ['app:1'], source: 'remote' as const, containers: null };

const withFindings = (findings: Finding[], coverage: Coverage = 'full') =>
  completeReport(subject, aCompleteScan({ findings, coverage }), { severities: ['HIGH', 'CRITICAL'], extra_args: [] });

const old = aFinding({ vulnerability: 'CVE-1' });
const shared = aFinding({ vulnerability: 'CVE-2' });
const fresh = aFinding({ vulnerability: 'CVE-3' });

describe('comparing two images', () => {
  it('tells what is removed, added and kept', () => {
    const compared = compareImages(withFindings([old, shared]), withFindings([shared, fresh]));
    expect(compared).toEqual({ comparable: true, removed: [old], added: [fresh], kept: [shared] });
  });

  it('sees the same finding under another version', () => {
    const upgraded = { ...shared, installed: '9.9' };
    expect(compareImages(withFindings([shared]), withFindings([upgraded]))).toMatchObject({
      removed: [],
      added: [],
      kept: [upgraded],
    });
  });

  it.each(['partial', 'unsupported', 'eol'] as const)('says nothing of changes when one side is %s', (coverage) => {
    const nothing = { comparable: false, removed: [], added: [], kept: [] };
    expect(compareImages(withFindings([old]), withFindings([], coverage))).toEqual(nothing);
    expect(compareImages(withFindings([old], coverage), withFindings([]))).toEqual(nothing);
    expect(compareImages(withFindings([old], coverage), withFindings([], coverage))).toEqual(nothing);
  });

  it('says nothing of changes when one side failed', () => {
    expect(compareImages(withFindings([old]), failedReport(subject, { code: 'timeout', message: '' })).comparable).toBe(
      false,
    );
  });
});
