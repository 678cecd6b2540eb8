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
  [anImageReport({ coverage: 'unsupported' }), trivy, false, 'not supported'],
  [
    anImageReport({ coverage: 'partial', reason: { code: 'java_db_missing', message: 'no jars' } }),
    trivy,
    false,
    'no jars',
  ],
  [anImageReport({ coverage: 'eol' }), trivy, true, 'end of life'],
  [report, { ...trivy, db_stale: true }, true, 'too old'],
])('warns in the run where no results would not mean clean: %#', (image, used, executionSuccessful, warning) => {
  const merged = mergeSarif([{ report: image, log: log('CVE-1') }], used);

  expect(merged.runs[0]?.['invocations']).toEqual([
    {
      executionSuccessful,
      toolExecutionNotifications: [{ level: 'warning', message: { text: expect.stringContaining(warning) } }],
    },
  ]);
});

test('names what failed in a run of its own, so that nothing of before is taken for mended', () => {
  const failed = anImageReport({
    references: ['db:1'],
    status: 'failed',
    coverage: null,
    reason: { code: 'corrupt', message: 'a bad layer' },
  });
  const { runs } = mergeSarif([{ report, log: log('CVE-1') }], trivy, [failed]);

  expect(runs).toMatchObject([
    { automationDetails: { id: 'gts/web:1/' } },
    {
      automationDetails: { id: 'gts/not-scanned/' },
      results: [],
      invocations: [
        {
          executionSuccessful: false,
          toolExecutionNotifications: [
            { level: 'error', message: { text: 'db:1 was not scanned: corrupt: a bad layer' } },
          ],
        },
      ],
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
