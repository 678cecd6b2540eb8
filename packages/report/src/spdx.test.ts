import { aHostScan, anImageReport } from '@scanner/core/testing';
import { expect, test } from 'vitest';

import { mendSpdx } from './spdx.ts';

const { trivy } = aHostScan();

test('writes the purpose of an operating system as the schema has it, and changes nothing else', () => {
  const library = { name: 'zlib', primaryPackagePurpose: 'LIBRARY' };
  const system = { name: 'alpine', primaryPackagePurpose: 'OPERATING-SYSTEM' };
  const document = { spdxVersion: 'SPDX-2.3', name: 'web', packages: [library, system, { name: 'bare' }] };

  expect(mendSpdx(document, anImageReport(), trivy)).toEqual({
    ...document,
    packages: [library, { ...system, primaryPackagePurpose: 'OPERATING_SYSTEM' }, { name: 'bare' }],
  });
});

test('says in a comment how much could not be judged', () => {
  const document = { spdxVersion: 'SPDX-2.3', packages: [] };
  const report = anImageReport({ coverage: 'unsupported' });

  expect(mendSpdx(document, report, { ...trivy, db_stale: true })['comment']).toMatch(/^not supported: .*; .*too old/);
});

test.each([null, [], {}, { spdxVersion: 'SPDX-2.2', packages: [] }, { spdxVersion: 'SPDX-2.3' }])(
  'refuses %j',
  (broken) => {
    expect(() => mendSpdx(broken, anImageReport(), trivy)).toThrow(expect.objectContaining({ code: 'trivy_broken' }));
  },
);
