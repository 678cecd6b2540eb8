import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { type Engine, loadStandardImages, startClassicEngine, startSmtpServer } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const DAY_MS = 86_400_000;

let engine: Engine;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());

/** Makes of the last digest one that was sent so many days ago. */
const daysPass = ({ user }: NoticedHost, days: number): void => {
  using connection = new DatabaseSync(join(user.directory, 'state', 'telling.db'));
  connection
    .prepare("UPDATE told_pass SET digest = json_set(digest, '$.since', ?)")
    .run(new Date(Date.now() - days * DAY_MS).toISOString());
};

describe('a weekly digest', () => {
  it('is mailed once by the pass that is due, with what happened, what did not arrive and a new name of the host', async () => {
    await using smtp = await startSmtpServer();
    await using host = await noticedHost(engine, smtp, {
      NOTIFY_DIGEST: 'weekly',
      SCAN_IMAGES: `${ALPINE},${DEBIAN}`,
      SMTP_TO: 'gone@example.org,ops@example.org',
      HOST_NAME: 'web1',
    });
    await host.pass();
    await host.useDatabase(2);
    await host.pass();
    smtp.refuse({ at: 'recipient', code: 550, message: 'no such mailbox', recipient: 'gone@example.org', times: 1 });
    await host.pass();
    const told = smtp.mails.length;

    daysPass(host, 8);
    await host.pass(['--image', ALPINE]);
    await host.pass([], { TRIVY_SEVERITY: 'CRITICAL' });
    expect(smtp.mails).toHaveLength(told);

    expect((await host.pass([], { HOST_NAME: 'web2' })).exitCode).toBe(0);
    expect(smtp.mails.slice(told).flatMap(({ recipients }) => recipients)).toEqual([
      'gone@example.org',
      'ops@example.org',
    ]);
    const [first, mail] = [await readMail(smtp, 0), await readMail(smtp)];
    expect(mail.subject).toMatch(/^\[image-scanner\] web2: .*with the weekly digest/);
    for (const words of [
      'This host was called web1 in the notice before',
      'did not reach gone@example.org',
      'no such mailbox',
      '3 passes, 3 of them without a failing image',
      'NEW SINCE THE LAST DIGEST',
      'CVE-2099-1011',
      'RESOLVED SINCE THE LAST DIGEST',
      'CVE-2099-2003',
    ])
      expect(mail.text).toContain(words);
    expect(mail.references).toMatch(/^<host\./);
    expect(mail.references).toBe(first.references);

    await host.pass([], { HOST_NAME: 'web2' });
    expect(smtp.mails).toHaveLength(told + 2);

    daysPass(host, 8);
    await host.pass([], { HOST_NAME: 'web2' });
    const digest = await readMail(smtp);
    expect(digest.subject).toMatch(/^\[image-scanner\] web2: weekly digest: \d+ open advisories/);
    expect(digest.text).not.toMatch(/was called|did not reach/);
  });
});
