import { aHostScan, anImageReport } from '@scanner/core/testing';
import { expect, test } from 'vitest';

import { noteInCycloneDx } from './cyclonedx.ts';

const { trivy } = aHostScan();
const bom = { bomFormat: 'CycloneDX', metadata: { timestamp: 'now', properties: [{ name: 'a', value: 'b' }] } };

test('says where no vulnerabilities do not mean clean, and changes nothing else', () => {
  expect(noteInCycloneDx(bom, anImageReport({ coverage: 'eol' }), { ...trivy, db_stale: true })).toEqual({
    ...bom,
    metadata: {
      timestamp: 'now',
      properties: [
        { name: 'a', value: 'b' },
        { name: 'gts:coverage', value: 'eol' },
        { name: 'gts:coverage:note', value: 'end of life: no advisories any more' },
        { name: 'gts:database:note', value: expect.stringContaining('too old') },
      ],
    },
  });
});

test('leaves what was judged in full as it is', () => {
  expect(noteInCycloneDx(bom, anImageReport(), trivy)).toBe(bom);
});

test.each([null, [], {}, { bomFormat: 'SPDX' }])('refuses %j', (broken) => {
  expect(() => noteInCycloneDx(broken, anImageReport(), trivy)).toThrow(
    expect.objectContaining({ code: 'trivy_broken' }),
  );
});
