import { expect, test } from 'vitest';

import { mergeSarif } from './sarif.ts';

const log = (rule: string, runs = 1) => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: Array.from({ length: runs }, () => ({
    tool: { driver: { name: 'Trivy', rules: [{ id: rule }] } },
    results: [{ ruleId: rule, message: { text: rule } }],
  })),
});

test('keeps every run as it was and names each by its image', () => {
  const merged = mergeSarif([
    { image: 'web:1', log: log('CVE-1') },
    { image: 'db:1', log: log('CVE-2', 2) },
  ]);

  expect(merged.version).toBe('2.1.0');
  expect(merged.runs).toEqual([
    { ...log('CVE-1').runs[0], automationDetails: { id: 'gts/web:1/' } },
    { ...log('CVE-2').runs[0], automationDetails: { id: 'gts/db:1/1/' } },
    { ...log('CVE-2').runs[0], automationDetails: { id: 'gts/db:1/2/' } },
  ]);
});

test('is a log without runs when there are no images', () => {
  expect(mergeSarif([]).runs).toEqual([]);
});

test.each([null, 'text', {}, { version: '2.0.0', runs: [] }, { version: '2.1.0' }, { version: '2.1.0', runs: [1] }])(
  'refuses %j',
  (broken) => {
    expect(() => mergeSarif([{ image: 'web:1', log: broken }])).toThrow(
      expect.objectContaining({ code: 'trivy_broken' }),
    );
  },
);
