import { readFile } from 'node:fs/promises';

import { factsOf, type LastPass } from '@scanner/app/daemon-state';
import { aHostScan, anImageReport, InMemoryOutbox } from '@scanner/core/testing';
import { describe, expect, it } from 'vitest';

import { Metrics } from './metrics.ts';

const passOver = (...references: readonly string[]): LastPass => ({
  schema: 'gts.last-pass/1',
  outcome: 'complete',
  started_at: '2026-11-22T12:00:00.000Z',
  ended_at: '2026-11-22T12:01:00.000Z',
  reason: null,
  last_end_at: '2026-11-22T12:01:00.000Z',
  settings: 'some',
  ...factsOf(aHostScan(references.map((reference) => anImageReport({ references: [reference] })))),
});

const metrics = (): Metrics => new Metrics({ version: '1.0.0', outbox: () => null, host: () => 'web1' });

describe('metrics', () => {
  it('are each described for who operates it, and nothing is described that is not there', async () => {
    const documented = await readFile(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
    const described = [...documented.matchAll(/^\| `(image_scanner_\w+)`/gm)].map(([, name]) => name);
    const served = [...(await metrics().text()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(new Set(described)).toEqual(new Set(served));
  });

  it('drop what was said of an image that is gone', async () => {
    const shown = metrics();
    shown.show(passOver('nginx:1', 'redis:7'));
    shown.show(passOver('redis:7'));
    const text = await shown.text();
    expect(text).toContain('image="redis:7"');
    expect(text).not.toContain('nginx');
  });

  it('hold whatever an image is called in one label', async () => {
    const shown = metrics();
    shown.show(passOver('a"}\nimage_scanner_images{status="failed"} 9\\'));
    expect((await shown.text()).split('\n').filter((line) => line.startsWith('image_scanner_images{'))).toHaveLength(4);
  });

  it('count what becomes of each delivery', async () => {
    const shown = metrics();
    const delivery = { message: 'm', channel: 'mail', recipient: 'ops@example.org' } as const;
    const outbox = new InMemoryOutbox();
    outbox.add({
      id: 'm',
      createdAt: '2026-11-22T12:00:00.000Z',
      mail: { subject: '', text: '', html: '', messageId: '<m>', thread: '<t>', recipients: ['ops@example.org'] },
      webhook: null,
    });
    const watched = shown.watch(outbox);
    const at = '2026-11-22T12:00:00.000Z';
    watched.recordRetry(delivery, { at, error: 'later', nextAt: at, held: false });
    watched.recordSent(delivery, at);
    const text = await shown.text();
    expect(text).toContain('image_scanner_notifications_total{channel="mail",result="retried"} 1');
    expect(text).toContain('image_scanner_notifications_total{channel="mail",result="sent"} 1');
  });
});
