import { describe, expect, it } from 'vitest';

import { anyPackageKey } from '../comparison/known-finding.ts';
import { completeReport } from '../host/image-report.ts';
import { SEVERITIES } from '../model/severity.ts';
import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { acceptScan } from './accept-scan.ts';
import type { AcceptedFinding } from './baseline.ts';
import { leaveOutAccepted } from './leave-out-accepted.ts';

const NOW = '2026-11-22T00:00:00.000Z';
const old = aFinding({ vulnerability: 'CVE-1', severity: 'HIGH' });
const fresh = aFinding({ vulnerability: 'CVE-2', severity: 'LOW' });

const baseline = acceptScan(
  {
    reference: 'app:1',
    imageId: null,
    coverage: 'full',
    content: null,
    databaseStale: false,
    findings: [old],
    filter: { severities: [...SEVERITIES], extra_args: [] },
  },
  { at: '2026-11-01T00:00:00.000Z' },
);

const reportOf = (...findings: (typeof old)[]) =>
  completeReport({ id: null, references: ['app:1'], source: 'remote', containers: null }, aCompleteScan({ findings }), {
    severities: [...SEVERITIES],
    extra_args: [],
  });

const accepting = (change: Partial<AcceptedFinding>) => ({
  ...baseline,
  findings: baseline.findings.map((finding) => ({ ...finding, ...change })),
});

describe('leaving out what a baseline accepts', () => {
  it('lists and counts only what is not accepted', () => {
    const { report, accepted } = leaveOutAccepted(reportOf(old, fresh), baseline, NOW);
    expect(accepted.map(({ finding }) => finding)).toEqual([old]);
    expect(report.findings).toEqual([fresh]);
    expect(report.counts).toMatchObject({ high: 0, low: 1 });
  });

  it('leaves out an accepted vulnerability in every package when the baseline names no package', () => {
    const { accepted } = leaveOutAccepted(
      reportOf(old),
      accepting({ key: anyPackageKey('CVE-1'), severity: null }),
      NOW,
    );
    expect(accepted).toHaveLength(1);
  });

  it('keeps what became worse than it was accepted', () => {
    expect(leaveOutAccepted(reportOf(old), accepting({ severity: 'MEDIUM' }), NOW).accepted).toHaveLength(0);
  });

  it('keeps what was accepted until a day that is over', () => {
    expect(leaveOutAccepted(reportOf(old), accepting({ expires: '2026-11-21' }), NOW).accepted).toHaveLength(0);
    expect(leaveOutAccepted(reportOf(old), accepting({ expires: '2026-11-23' }), NOW).accepted).toHaveLength(1);
  });
});
