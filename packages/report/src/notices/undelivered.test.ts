import { expect, it } from 'vitest';

import { renderNotices } from './undelivered.ts';

it('a notice that waits is named with its times, in UTC and where it is read', () => {
  const rendered = renderNotices(
    {
      schema: 'gts.notices/1',
      totals: { waiting: 1, held: 0, dead: 0 },
      deliveries: [
        {
          notice: 'n1',
          subject: '1 new',
          decided_at: '2026-11-22T03:00:00.000Z',
          channel: 'mail',
          recipient: 'ops@example.org',
          status: 'waiting',
          attempts: 2,
          next_at: '2026-11-22T23:30:00.000Z',
          held_since: null,
          reason: 'busy',
        },
      ],
    },
    { width: 80, color: false, unicode: false, timeZone: 'Europe/Berlin' },
  );
  expect(rendered).toBe(
    [
      'Not delivered: 1 waiting, 0 held, 0 given up',
      'waiting   ops@example.org  1 new',
      '  decided 2026-11-22 03:00 UTC (04:00 Europe/Berlin), 2 attempts, next not before 2026-11-22 23:30 UTC (2026-11-23 00:30 Europe/Berlin)',
      '  busy',
      '',
    ].join('\n'),
  );
});
