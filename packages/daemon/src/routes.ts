import { judgeHealth } from '@scanner/app/daemon-state';
import type { Clock } from '@scanner/core';

import type { Answer, Routes } from './http-server.ts';
import type { Metrics } from './metrics.ts';
import type { Service } from './service.ts';

/** What is served over HTTP; `docs/operating.md` says what each answer means. */
export const routesOf = (service: Service, metrics: Metrics, clock: Pick<Clock, 'now'>): Routes => ({
  '/healthz': async () => {
    const health = service.health();
    return json(judgeHealth(health, clock).length === 0 ? 200 : 503, health);
  },
  '/readyz': async () => {
    const ready = service.isReady();
    return json(ready ? 200 : 503, { ready, reason: ready ? null : 'no pass has come to its end yet' });
  },
  '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.text() }),
});

const json = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});
