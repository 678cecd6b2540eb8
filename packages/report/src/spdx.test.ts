import { expect, test } from 'vitest';

import { mendSpdx } from './spdx.ts';

test('writes the purpose of an operating system as the schema has it, and changes nothing else', () => {
  const library = { name: 'zlib', primaryPackagePurpose: 'LIBRARY' };
  const system = { name: 'alpine', primaryPackagePurpose: 'OPERATING-SYSTEM' };
  const document = { spdxVersion: 'SPDX-2.3', name: 'web', packages: [library, system, { name: 'bare' }] };

  expect(mendSpdx(document)).toEqual({
    ...document,
    packages: [library, { ...system, primaryPackagePurpose: 'OPERATING_SYSTEM' }, { name: 'bare' }],
  });
});

test.each([null, [], {}, { spdxVersion: 'SPDX-2.2', packages: [] }, { spdxVersion: 'SPDX-2.3' }])(
  'refuses %j',
  (broken) => {
    expect(() => mendSpdx(broken)).toThrow(expect.objectContaining({ code: 'trivy_broken' }));
  },
);
