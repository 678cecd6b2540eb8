import { expect, it } from 'vitest';

import { waitUntil } from './wait-until.ts';

it('returns what the last look gave', async () => {
  let looks = 0;
  const found = await waitUntil(() => (++looks === 3 ? 'there' : undefined), {
    what: 'it',
    timeoutMs: 5_000,
    everyMs: 1,
  });
  expect(found).toBe('there');
});

it('tells what it waited for in vain, and the last error', async () => {
  const waited = waitUntil(() => Promise.reject(new Error('not yet')), { what: 'rain', timeoutMs: 20, everyMs: 1 });
  await expect(waited).rejects.toMatchObject({
    message: 'Waited 20 ms in vain for rain.',
    cause: expect.objectContaining({ message: 'not yet' }),
  });
});
