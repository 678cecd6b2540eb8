import { expect, it } from 'vitest';

import { comparePlainly } from './plain-comparison.ts';
import { CHANGES, CHANGES_OF_A_KIND, FINDINGS, IMAGES, measuredFindings } from './notices-content.ts';

it('is the same every time', () => {
  expect(measuredFindings(3, 'changed')).toEqual(measuredFindings(3, 'changed'));
});

it('has as many findings of their own in each image as it says', () => {
  const vulnerabilities = [0, IMAGES - 1].flatMap((image) =>
    measuredFindings(image, 'accepted').map(({ vulnerability }) => vulnerability),
  );
  expect(new Set(vulnerabilities).size).toBe(2 * FINDINGS);
});

it('changes as many findings of each kind as it says', () => {
  const changes = comparePlainly(measuredFindings(7, 'accepted'), measuredFindings(7, 'changed'));
  expect(Object.values(changes).map((keys: readonly string[]) => keys.length)).toEqual(
    Array.from({ length: 4 }, () => CHANGES_OF_A_KIND),
  );
  expect(CHANGES).toBe(4 * CHANGES_OF_A_KIND * IMAGES);
});
