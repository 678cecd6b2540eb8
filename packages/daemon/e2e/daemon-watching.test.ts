import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import {
  type Engine,
  loadStandardImages,
  openSilentPort,
  startClassicEngine,
  startSmtpServer,
  waitUntil,
} from '@scanner/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { watchedHost } from './support/watched-host.ts';

const WEB = 'registry.example/shop/web:1.4.2';

let engine: Engine;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());

it('serves health and metrics without a label that could grow without bound', async () => {
  await using nobody = await openSilentPort();
  await using host = await watchedHost(engine, {
    SCAN_IMAGES: WEB,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(nobody.port),
    SMTP_TO: 'ops@example.org',
  });
  const daemon = host.daemon(['--http-listen', '127.0.0.1:0']);
  const url = String((await daemon.said('image-scanner started'))['http']);
  const get = async (path: string) => {
    const answer = await fetch(`${url}${path}`);
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  await daemon.said('next pass');

  expect(await get('/healthz')).toMatchObject({ status: 200, type: 'application/json' });
  expect(JSON.parse((await get('/healthz')).text)).toMatchObject({ problems: [], pass: { last_outcome: 'complete' } });
  expect((await get('/readyz')).status).toBe(200);
  expect((await get('/elsewhere')).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);

  const { status, type, text } = await get('/metrics');
  expect({ status, type }).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
  expect(text).toMatch(/^image_scanner_passes_total\{outcome="complete"\} 1$/m);
  expect(text).toMatch(/^image_scanner_scans_total\{result="complete"\} 1$/m);
  expect(text).toMatch(
    new RegExp(
      `^image_scanner_image_vulnerabilities\\{image="${WEB}",severity="critical",fixable="true"\\} \\d+$`,
      'm',
    ),
  );
  expect(text).toMatch(/^image_scanner_outbox_pending 1$/m);
  expect(text).toMatch(/^image_scanner_run_last_success_timestamp_seconds 1\.?\d+/m);
  expect(text).not.toMatch(/CVE-/);
  daemon.kill('SIGTERM');
  await daemon.ended;
});

it('knows after a restart what the last pass found', async () => {
  await using host = await watchedHost(engine, { SCAN_IMAGES: WEB });
  const first = host.daemon();
  await first.said('next pass');
  first.kill('SIGTERM');
  await first.ended;
  const second = host.daemon(['--http-listen', '127.0.0.1:0']);
  const url = String((await second.said('image-scanner started'))['http']);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(`image_scanner_image_vulnerabilities{image="${WEB}"`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  second.kill('SIGTERM');
  await second.ended;
});

it('tells a watchdog of passes that came to their end, and of no others', async () => {
  const pings: string[] = [];
  const server = createServer((request, answer) => {
    pings.push(`${request.method} ${request.url}`);
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using host = await watchedHost(engine, {
    SCAN_IMAGES: WEB,
    HEALTHCHECK_PING_URL: `http://127.0.0.1:${port}/ping/2f1d`,
  });
  const failing = host.daemon(['--docker-host', 'unix:///nowhere/docker.sock']);
  await failing.said('next pass');
  failing.kill('SIGTERM');
  await failing.ended;
  expect(pings).toEqual([]);

  const daemon = host.daemon();
  await daemon.said('next pass');
  expect(pings).toEqual(['GET /ping/2f1d']);
  expect(daemon.stderrSoFar()).not.toContain('2f1d');
  daemon.kill('SIGTERM');
  await daemon.ended;
  await new Promise((resolve) => server.close(resolve));
});

it('is not healthy and keeps its word from the watchdog while a notice reaches nobody', async () => {
  let pings = 0;
  const server = createServer((_, answer) => {
    pings += 1;
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using smtp = await startSmtpServer();
  smtp.refuse({ at: 'recipient', code: 554, message: '5.7.1 Relay access denied' });
  await using host = await watchedHost(engine, {
    SCAN_IMAGES: WEB,
    SCAN_INTERVAL_SECONDS: '3',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_TO: 'ops@example.org',
    HEALTHCHECK_PING_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  const daemon = host.daemon(['--http-listen', '127.0.0.1:0']);
  const url = String((await daemon.said('image-scanner started'))['http']);
  await daemon.said('notice held');
  const before = pings;
  await daemon.said('next pass', 2);

  const health = await fetch(`${url}/healthz`);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    problems: [expect.stringMatching(/1 deliveries of notices are held since .*Relay access denied/)],
    deliveries: { pending: 1, held: 1, dead: 0 },
  });
  expect(pings).toBeLessThanOrEqual(before + 1);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^image_scanner_outbox_held 1$/m);

  smtp.forgive();
  expect((await host.user.start(['healthcheck']).ended).exitCode).toBe(1);
  daemon.kill('SIGHUP');
  await waitUntil(() => (smtp.mails.length === 1 ? true : undefined), { what: 'the mail', timeoutMs: 30_000 });
  await waitUntil(() => (pings > before + 1 ? true : undefined), { what: 'a ping', timeoutMs: 30_000 });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  daemon.kill('SIGTERM');
  await daemon.ended;
  await new Promise((resolve) => server.close(resolve));
});

it('says to who asks that there is no sign of life', async () => {
  await using host = await watchedHost(engine);
  const { exitCode, stderr } = await host.daemon(['healthcheck', '--log-format', 'pretty']).ended;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('no daemon has written a sign of life');
  const json = await host.daemon(['healthcheck', '--json', '--dir', join(host.directory, 'elsewhere')]).ended;
  expect(json).toMatchObject({ exitCode: 1, stdout: 'null\n' });
});
