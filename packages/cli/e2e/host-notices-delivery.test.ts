import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { Notice, NoticesDocument, NoticesRetryDocument } from '@scanner/core';
import { SIGNATURE_HEADER, verifyWebhook } from '@scanner/notifier';
import {
  type Engine,
  loadStandardImages,
  type SmtpOptions,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Environment } from './support/gts.ts';
import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';
import { readDocument } from './support/schemas.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';
const ACCOUNT = { user: 'scanner', pass: 'hunter2-secret' };

let engine: Engine;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());

const aHost = (smtp: SmtpServer, environment: Environment = {}): Promise<NoticedHost> =>
  noticedHost(engine, smtp, { SCAN_IMAGES: ALPINE, ...environment });

describe('mail while the server is down', () => {
  it('waits over three passes, and then arrives once and in order', async () => {
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp);
    smtp.refuse({ at: 'connect', code: 421, message: 'closed for the night' });
    for (const images of [ALPINE, DEBIAN, WORKER]) {
      const { exitCode, stderr } = await host.pass([], { SCAN_IMAGES: images });
      expect(exitCode).toBe(3);
      expect(stderr).toContain('closed for the night');
    }
    expect(smtp.mails).toHaveLength(0);

    smtp.forgive();
    expect((await host.pass([], { SCAN_IMAGES: WORKER })).exitCode).toBe(0);
    const mails = await Promise.all(smtp.mails.map((_, index) => readMail(smtp, index)));
    const named = mails.map((mail) => [ALPINE, DEBIAN, WORKER].filter((reference) => mail.text?.includes(reference)));
    expect(named).toEqual([[ALPINE], [DEBIAN], [WORKER]]);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(3);

    await host.pass([], { SCAN_IMAGES: WORKER });
    expect(smtp.mails).toHaveLength(3);
  });

  it('is kept and named when no server is set any more, and goes out when there is one', async () => {
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp);
    smtp.refuse({ at: 'connect', code: 421, message: 'closed for the night', times: 1 });
    await host.pass();
    const without = await host.pass([], { SMTP_HOST: undefined, SMTP_TO: undefined });
    expect([without.exitCode, without.stderr]).toEqual([0, expect.stringContaining('no longer configured')]);
    expect((await host.pass()).exitCode).toBe(0);
    expect(smtp.mails).toHaveLength(1);
  });

  it('for one recipient goes to the other exactly once', async () => {
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp, { SMTP_TO: 'gone@example.org,ops@example.org' });
    smtp.refuse({ at: 'recipient', code: 550, message: 'no such mailbox', recipient: 'gone@example.org' });
    const { exitCode, stderr } = await host.pass();
    expect(exitCode).toBe(3);
    expect(stderr).toContain('gone@example.org');
    const next = await host.pass();
    expect([next.exitCode, next.stderr]).toEqual([0, expect.not.stringContaining('gone@example.org')]);
    expect(smtp.mails.map(({ recipients }) => recipients)).toEqual([['ops@example.org']]);
  });
});

describe('mail that a relay refuses', () => {
  it('is held and named, however many recipients, and goes once somebody has mended it and asks for it', async () => {
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp, { SMTP_TO: 'a@example.org,b@example.org' });
    smtp.refuse({ at: 'recipient', code: 554, message: '5.7.1 Relay access denied' });
    expect(await host.pass()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('Relay access denied') });

    const listed = await host.user.gts(['notices', 'list', '--json']);
    expect(listed.exitCode).toBe(1);
    expect(await readDocument(NoticesDocument, listed.stdout)).toMatchObject({
      totals: { waiting: 0, held: 2, dead: 0 },
      deliveries: ['a@example.org', 'b@example.org'].map((recipient) => ({
        recipient,
        status: 'held',
        attempts: 1,
        reason: expect.stringContaining('check who may send through it'),
      })),
    });
    const shown = await host.user.gts(['notices', 'list']);
    expect(shown.stdout).toContain('Not delivered: 0 waiting, 2 held, 0 given up');

    smtp.forgive();
    const retried = await host.user.gts(['notices', 'retry', '--to', 'a@example.org', '--json']);
    expect(await readDocument(NoticesRetryDocument, retried.stdout)).toMatchObject({ due: 1 });
    expect((await host.pass()).exitCode).toBe(0);
    expect(smtp.mails.flatMap(({ recipients }) => recipients)).toEqual(['a@example.org', 'b@example.org']);
    expect(await host.user.gts(['notices', 'list'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Every notice was delivered'),
    });
  });
});

describe('mail by settings', () => {
  it.each<{ what: string; server: SmtpOptions; environment: Environment }>([
    { what: 'STARTTLS', server: { encryption: 'starttls' }, environment: { SMTP_STARTTLS: 'on' } },
    { what: 'TLS from the first byte', server: { encryption: 'implicit' }, environment: { SMTP_TLS: 'on' } },
  ])('is encrypted by $what, signs in, and trusts the certificate it was given', async ({ server, environment }) => {
    await using smtp = await startSmtpServer({ ...server, account: ACCOUNT });
    await using host = await aHost(smtp, { ...environment, SMTP_USER: ACCOUNT.user, SMTP_PASS: ACCOUNT.pass });
    const untrusted = await host.pass();
    expect(untrusted.exitCode).toBe(3);
    expect(untrusted.stderr).toContain('certificate');
    expect([smtp.mails, smtp.logins]).toEqual([[], 0]);

    const authority = join(host.user.workingDirectory, 'authority.pem');
    await writeFile(authority, smtp.certificate ?? '');
    expect((await host.pass([], { NODE_EXTRA_CA_CERTS: authority })).exitCode).toBe(0);
    expect(smtp.mails).toMatchObject([{ encrypted: true, user: ACCOUNT.user }]);
  });

  it.each(['SMTP_CA_FILE', 'SSL_CERT_FILE', 'SSL_CERT_DIR'])(
    'trusts the authorities that %s names, and no others',
    async (name) => {
      await using smtp = await startSmtpServer({ encryption: 'implicit' });
      await using host = await aHost(smtp, { SMTP_TLS: 'on' });
      const directory = join(host.user.workingDirectory, 'authorities');
      const authority = join(directory, 'authority.pem');
      await mkdir(directory);
      await writeFile(authority, smtp.certificate ?? '');
      const named = name === 'SSL_CERT_DIR' ? directory : authority;
      expect((await host.pass([], { [name]: named })).exitCode).toBe(0);
      expect(smtp.mails).toMatchObject([{ encrypted: true }]);
    },
  );

  it.each(['/none.pem', '/etc/hostname'])('names a file of authorities that is none: %s', async (path) => {
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp, { SMTP_CA_FILE: path });
    const { exitCode, stderr } = await host.user.gts(['host', 'scan']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`SMTP_CA_FILE: got "${path}"`)]);
  });

  it('asks a server that refuses the password once a pass, and waits for another one', async () => {
    await using smtp = await startSmtpServer({ account: ACCOUNT });
    await using host = await aHost(smtp, { SMTP_TO: 'a@example.org,b@example.org', SMTP_USER: ACCOUNT.user });
    const { exitCode, stderr } = await host.pass([], { SMTP_PASS: 'wrong-secret' });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('SMTP_PASS');
    expect(stderr + (await host.summary())).not.toContain('wrong-secret');
    expect(smtp.logins).toBe(1);

    expect((await host.pass([], { SMTP_PASS: ACCOUNT.pass })).exitCode).toBe(0);
    expect(smtp.mails.flatMap(({ recipients }) => recipients)).toEqual(['a@example.org', 'b@example.org']);
  });
});

describe('a webhook', () => {
  const Body = z.object({ schema: z.literal('gts.webhook/1'), subject: z.string(), notice: Notice });

  it('gets what is mailed, signed', async () => {
    const requests: Array<{ readonly headers: IncomingHttpHeaders; readonly body: string }> = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        requests.push({ headers: request.headers, body });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = z.object({ port: z.number() }).parse(server.address());
    await using smtp = await startSmtpServer();
    await using host = await aHost(smtp, {
      WEBHOOK_URL: `http://127.0.0.1:${address.port}/hook`,
      WEBHOOK_SECRET: 'shared-secret',
    });
    await host.pass();
    server.close();
    expect(requests).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = requests;
    const signed = { signature: String(headers[SIGNATURE_HEADER]), body, now: Date.now() / 1000 };
    expect(verifyWebhook('shared-secret', signed)).toBe(true);
    expect(verifyWebhook('another-secret', signed)).toBe(false);
    const { notice, subject } = Body.parse(JSON.parse(body));
    expect(notice.firstSeen.items.flatMap(({ references }) => references.items)).toEqual([ALPINE]);
    expect((await readMail(smtp)).subject).toBe(subject);
  });
});
