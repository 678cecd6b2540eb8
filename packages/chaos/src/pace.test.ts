import { expect, it } from 'vitest';

import { Pace } from './pace.ts';

it('is the median of the last unharmed runs of a scenario', () => {
  const pace = new Pace();
  expect(pace.of('host')).toBeUndefined();
  for (const milliseconds of [900, 300, 400]) pace.learn('host', milliseconds);
  expect(pace.of('host')).toBe(400);
  for (let run = 0; run < 9; run += 1) pace.learn('host', 1000);
  expect(pace.of('host')).toBe(1000);
  expect(pace.of('daemon')).toBeUndefined();
});
