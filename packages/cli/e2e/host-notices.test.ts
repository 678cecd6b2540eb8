import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Engine,
  loadStandardImages,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
} from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';
const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'];

let engine: Engine;
let smtp: SmtpServer;
let host: NoticedHost;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());
beforeEach(async () => {
  smtp = await startSmtpServer();
  host = await noticedHost(engine, smtp, { SCAN_IMAGES: [ALPINE, DEBIAN, WORKER].join(',') });
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

describe('notices of a host', () => {
  it('begin with one inventory, and are silent while nothing changes', async () => {
    const { exitCode, document } = await host.pass();
    expect(exitCode).toBe(0);
    expect(document.images.flatMap(({ baselines }) => baselines.map(({ state }) => state))).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    expect(smtp.mails).toHaveLength(1);
    const mail = await readMail(smtp);
    expect(mail.to).toMatchObject([{ address: 'ops@example.org' }]);
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
    for (const reference of [ALPINE, DEBIAN, WORKER]) expect(mail.text).toContain(reference);
    expect(mail.html).toContain(ALPINE);
    const text = (mail.text ?? '').replaceAll(/\s+/g, ' ');
    expect(text).toContain(`--dir ${host.user.directory} `);
    expect(text).toContain(`Full lists: scan-summary.log and the log of each image, in ${host.user.directory}/logs`);

    await host.pass();
    expect(smtp.mails).toHaveLength(1);
  });

  it('tell a new advisory once, under every reference it is about, and nothing that was accepted', async () => {
    expect((await host.pass(['--save-snapshot'])).exitCode).toBe(0);
    expect(await readdir(join(host.user.directory, 'snapshots'))).toHaveLength(3);
    expect(smtp.mails).toHaveLength(0);

    await host.useDatabase(2);
    const { document } = await host.pass();
    expect(document.totals.new).toBe(2);
    expect(smtp.mails).toHaveLength(1);
    const mail = await readMail(smtp);
    expect(mail.text).toContain('CVE-2099-1011');
    expect(mail.text).toContain(DEBIAN);
    expect(mail.text).toContain(WORKER);
    expect(mail.text).not.toContain('CVE-2099-1003');

    await host.pass();
    expect(smtp.mails).toHaveLength(2);
    const later = await readMail(smtp);
    expect(later.subject).toContain('1 resolved advisory (2 findings)');
    expect(later.text).not.toContain('CVE-2099-1011');
  });

  it('tell what was withdrawn when a second look agrees', async () => {
    await host.pass(['--save-snapshot']);
    await host.useDatabase(2);
    const first = await host.pass();
    expect(first.document.totals.resolved).toBe(0);
    const second = await host.pass();
    expect(second.document.totals.resolved).toBe(2);
    const last = await readMail(smtp);
    expect(last.text).toContain('CVE-2099-2003');
    expect(last.text).toContain(ALPINE);
    const told = smtp.mails.length;
    await host.pass();
    expect(smtp.mails).toHaveLength(told);
  });

  it('name two references of one image together, and what people on the host know: its paths and its time', async () => {
    await host.pass([], { SCAN_IMAGES: WEB.join(','), HOST_DIR: '/srv/security', TZ: 'Pacific/Chatham' });
    const { html = '', text = '' } = await readMail(smtp);
    for (const part of [html, text]) expect(part).toMatch(/Pass of [\d-]+ [\d:]+ UTC \([\d: -]+ Pacific\/Chatham\)/);
    for (const part of [html, text])
      expect(part.replaceAll(/\s+/g, ' ')).toContain('each image, in /srv/security/logs');
    const [command = ''] = /gts baseline save \S+ --dir \/srv\/security/.exec(text) ?? [];
    expect(command).toContain(WEB[0]);
    for (const part of [html, text])
      for (const reference of WEB) expect(part.replace(command, '').split(reference)).toHaveLength(2);
  });

  it('are not caused by a severity setting that is changed and changed back', async () => {
    await host.pass(['--save-snapshot']);
    await host.pass([], { TRIVY_SEVERITY: 'CRITICAL' });
    const { document } = await host.pass();
    expect(document.totals).toMatchObject({ new: 0, resolved: 0 });
    expect(smtp.mails).toHaveLength(0);
  });

  it('never show the password of the mail server', async () => {
    const { stderr } = await host.pass([], { SMTP_USER: 'scanner', SMTP_PASS: 'hunter2-secret' });
    expect(stderr).not.toContain('hunter2-secret');
    const summary = await host.summary();
    expect(summary).not.toContain('hunter2-secret');
  });
});
