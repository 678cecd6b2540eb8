import { join } from 'node:path';

import {
  type Engine,
  loadStandardImages,
  placeEarlierState,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
} from '@scanner/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';
const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'];
const QUEUED = '<ca40080a-adeb-4ed6-8488-b2b62841be35@example.org>';
const HOUR_MS = 3_600_000;

let engine: Engine;
let smtp: SmtpServer;
let host: NoticedHost;

/** A host that 0.1.0 looked at until an hour ago, with the same images and the same database. */
beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
  smtp = await startSmtpServer();
  host = await noticedHost(engine, smtp, { SCAN_IMAGES: [ALPINE, DEBIAN, ...WEB].join(',') });
  await placeEarlierState('0.1.0', 'host', host.user.directory, { leftAt: new Date(Date.now() - HOUR_MS) });
  await host.useDatabase(2);
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
  await engine.stop();
});

it('the state of 0.1.0 is gone on from: what was queued goes out as it was, and nothing is told anew', async () => {
  const { exitCode, document } = await host.pass();
  expect(exitCode).toBe(0);
  expect(document.totals).toMatchObject({ failed: 0, new: 0 });
  const states = document.images.flatMap(({ baselines }) =>
    baselines.map(({ reference, state }) => `${reference} ${state}`),
  );
  expect(new Set(states)).toEqual(
    new Set([`${ALPINE} accepted`, `${DEBIAN} pending`, `${WEB[0]} pending`, `${WEB[1]} accepted`]),
  );

  const queued = await readMail(smtp, 0);
  expect(queued.messageId).toBe(QUEUED);
  expect(queued.subject).toBe('[image-scanner] vm: 1 new, 1 raised in severity, worst CRITICAL');
  expect(queued.text).toContain(DEBIAN);
  expect(smtp.mails).toHaveLength(2);
  const second = await readMail(smtp, 1);
  expect(second.subject).toMatch(/resolved/);
  expect(second.subject).not.toMatch(/new|first seen|failing/);

  await host.pass();
  expect(smtp.mails).toHaveLength(2);
});

it('what failed with 0.1.0 is told once that it does no more', async () => {
  const { document } = await host.pass([], { SCAN_IMAGES: WORKER });
  expect(document.totals).toMatchObject({ scanned: 1, new: 1, failed: 0 });
  const mail = await readMail(smtp);
  expect(mail.subject).toContain('1 scanned again');
  expect(mail.text).toContain('CVE-2099-1011');
});

it('what 0.1.0 accepted is shown with its reason, and is written in the present form', async () => {
  const shown = await host.user.gts(['baseline', 'show', ALPINE, '--json']);
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout).toContain('reviewed by ops');
  const saved = await host.user.gts(['baseline', 'save', WEB[1] ?? '']);
  expect(saved.exitCode).toBe(0);
  const again = await host.user.gts(['baseline', 'show', WEB[1] ?? '', '--json']);
  expect(again.stdout).toContain('to be replaced');
});

it('the catalogue of 0.1.0 is ranked as it was, and says now what could not be judged', async () => {
  const data = join(host.user.workingDirectory, 'data');
  await placeEarlierState('0.1.0', 'catalogue', data);
  const { exitCode, stdout } = await host.user.gts(['top', '--json', '--data-dir', data]);
  expect(exitCode).toBe(0);
  const { tools } = JSON.parse(stdout) as { tools: readonly { id: string; coverage?: string }[] };
  expect(tools.map(({ id }) => id)).toEqual(['docker_hub:acme/odd-names', 'docker_hub:acme/legacy']);
});
