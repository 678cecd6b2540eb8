import { aHostScan, anImageReport } from '@scanner/core/testing';
import { expect, test } from 'vitest';

import { mergeSarif } from './sarif.ts';

const { trivy } = aHostScan();
const report = anImageReport({ references: ['web:1'] });

const log = (rule: string, runs = 1) => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: Array.from({ length: runs }, () => ({
    tool: { driver: { name: 'Trivy', rules: [{ id: rule }] } },
    results: [{ ruleId: rule, message: { text: rule } }],
  })),
});

test('keeps every run as it was and names each by its image', () => {
  const merged = mergeSarif(
    [
      { report, log: log('CVE-1') },
      { report: anImageReport({ references: ['db:1'] }), log: log('CVE-2', 2) },
    ],
    trivy,
  );

  expect(merged.version).toBe('2.1.0');
  expect(merged.runs).toEqual([
    { ...log('CVE-1').runs[0], automationDetails: { id: 'gts/web:1/' } },
    { ...log('CVE-2').runs[0], automationDetails: { id: 'gts/db:1/1/' } },
    { ...log('CVE-2').runs[0], automationDetails: { id: 'gts/db:1/2/' } },
  ]);
});

test.each([
  [anImageReport({ coverage: 'unsupported' }), trivy, 'not supported'],
  [anImageReport({ coverage: 'eol' }), trivy, 'end of life'],
  [report, { ...trivy, db_stale: true }, 'too old'],
])('warns in the run where no results would not mean clean: %#', (report, trivy, warning) => {
  const merged = mergeSarif([{ report, log: log('CVE-1') }], trivy);

  expect(merged.runs[0]?.['invocations']).toEqual([
    {
      executionSuccessful: true,
      toolExecutionNotifications: [{ level: 'warning', message: { text: expect.stringContaining(warning) } }],
    },
  ]);
});

test('is a log without runs when there are no images', () => {
  expect(mergeSarif([], trivy).runs).toEqual([]);
});

test.each([null, 'text', {}, { version: '2.0.0', runs: [] }, { version: '2.1.0' }, { version: '2.1.0', runs: [1] }])(
  'refuses %j',
  (broken) => {
    expect(() => mergeSarif([{ report, log: broken }], trivy)).toThrow(
      expect.objectContaining({ code: 'trivy_broken' }),
    );
  },
);
