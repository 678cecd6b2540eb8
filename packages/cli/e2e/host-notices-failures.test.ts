import {
  type Engine,
  fakeTrivy,
  loadStandardImages,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
} from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';

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
  host = await noticedHost(engine, smtp, { SCAN_IMAGES: [ALPINE, DEBIAN].join(',') });
  await host.pass(['--save-snapshot']);
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

describe('a scan that fails', () => {
  it('resolves nothing, is told after the third pass, and its end is told', async () => {
    await using broken = await fakeTrivy({ behaviour: { kind: 'crash' } });
    await host.useDatabase(2);
    for (const mails of [0, 0, 1, 1]) {
      const { exitCode, document } = await host.pass([], { TRIVY_PATH: broken.path });
      expect(exitCode).toBe(3);
      expect(document.totals).toMatchObject({ failed: 2, resolved: 0, new: 0 });
      expect(smtp.mails).toHaveLength(mails);
    }
    const failing = await readMail(smtp);
    expect(failing.text).toMatch(/Nothing can be scanned\s+crashed: /);
    expect(failing.text).not.toContain('CVE-2099');

    const { document } = await host.pass();
    expect(document.totals).toMatchObject({ failed: 0, resolved: 0, new: 1 });
    expect(smtp.mails).toHaveLength(2);
    const recovered = await readMail(smtp);
    expect(recovered.text).toContain('CVE-2099-1011');
  });

  it('is told as soon as the settings ask for it', async () => {
    await using broken = await fakeTrivy({ behaviour: { kind: 'crash' } });
    await host.useDatabase(2);
    await host.pass([], { TRIVY_PATH: broken.path, NOTIFY_FAILURES_AFTER: '1' });
    expect(smtp.mails).toHaveLength(1);
  });
});

describe('an engine that is away', () => {
  it('is one line after three passes, and its return is told', async () => {
    const away = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    for (const mails of [0, 0, 1, 1]) {
      expect((await host.user.gts(['host', 'scan'], away)).exitCode).toBe(4);
      expect(smtp.mails).toHaveLength(mails);
    }
    const { text = '' } = await readMail(smtp);
    expect(text.split('/nowhere/docker.sock')).toHaveLength(2);
    for (const reference of [ALPINE, DEBIAN]) expect(text).not.toContain(reference);

    const { document } = await host.pass();
    expect(document.totals).toMatchObject({ new: 0, resolved: 0 });
    expect(smtp.mails).toHaveLength(2);
  });
});
