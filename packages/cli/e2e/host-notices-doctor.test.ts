import { type Check, DoctorDocument } from '@scanner/core';
import { type Engine, loadStandardImages, startClassicEngine, startSmtpServer } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Environment } from './support/gts.ts';
import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';
import { readDocument } from './support/schemas.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());

interface Examination {
  readonly exitCode: number | null;
  readonly output: string;
  /** What is said of mail. */
  readonly checks: readonly Check[];
}

const examine = async (
  { user }: NoticedHost,
  args: readonly string[] = ['--send-test-email'],
  environment: Environment = {},
): Promise<Examination> => {
  const { exitCode, stdout, stderr } = await user.gts(['doctor', '--json', ...args], environment);
  const { checks } = await readDocument(DoctorDocument, stdout);
  return { exitCode, output: stdout + stderr, checks: checks.filter(({ name }) => name.endsWith('mail')) };
};

describe('gts doctor --send-test-email', () => {
  it('sends a real mail to every recipient', async () => {
    await using smtp = await startSmtpServer();
    await using host = await noticedHost(engine, smtp, { SMTP_TO: 'a@example.org,b@example.org' });
    const { exitCode, checks } = await examine(host);
    expect(exitCode).toBe(0);
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['mail', 'ok'],
      ['test mail', 'ok'],
      ['test mail', 'ok'],
    ]);
    expect(smtp.mails.flatMap(({ recipients }) => recipients)).toEqual(['a@example.org', 'b@example.org']);
    const mail = await readMail(smtp);
    expect(mail.subject).toContain('[image-scanner]');
    expect([mail.text, mail.html]).toEqual([expect.stringContaining('test'), expect.stringContaining('test')]);
  });

  it('names the recipient that is refused, and serves the other', async () => {
    await using smtp = await startSmtpServer();
    await using host = await noticedHost(engine, smtp, { SMTP_TO: 'gone@example.org,ops@example.org' });
    smtp.refuse({ at: 'recipient', code: 550, message: 'no such mailbox', recipient: 'gone@example.org' });
    const { exitCode, checks } = await examine(host);
    expect(exitCode).toBe(4);
    expect(checks.slice(1)).toMatchObject([
      { state: 'failed', message: expect.stringMatching(/gone@example\.org.*no such mailbox/) },
      { state: 'ok', message: expect.stringContaining('ops@example.org') },
    ]);
    expect(smtp.mails).toHaveLength(1);
  });

  it('says that the password is refused, after one attempt and without showing it', async () => {
    await using smtp = await startSmtpServer({ account: { user: 'scanner', pass: 'right' } });
    await using host = await noticedHost(engine, smtp, {
      SMTP_TO: 'a@example.org,b@example.org',
      SMTP_USER: 'scanner',
      SMTP_PASS: 'wrong-secret',
    });
    const { exitCode, checks, output } = await examine(host);
    expect(exitCode).toBe(4);
    expect(checks.slice(1)).toMatchObject([{ state: 'failed', message: expect.stringContaining('SMTP_PASS') }]);
    expect(smtp.logins).toBe(1);
    expect(output).not.toContain('wrong-secret');
  });

  it('says where nothing listens', async () => {
    const { port } = await closedServer();
    await using host = await noticedHost(engine, { port });
    const { exitCode, checks } = await examine(host);
    expect(exitCode).toBe(4);
    expect(checks.slice(1)).toMatchObject([{ state: 'failed', message: expect.stringContaining(`127.0.0.1:${port}`) }]);
  });

  it('says that no server is set', async () => {
    await using host = await noticedHost(engine, { port: 25 }, { SMTP_HOST: undefined, SMTP_TO: undefined });
    const { exitCode, checks } = await examine(host);
    expect(exitCode).toBe(4);
    expect(checks).toMatchObject([
      { state: 'ok', message: expect.stringContaining('SMTP_HOST') },
      { state: 'failed', hint: expect.stringContaining('SMTP_TO') },
    ]);
  });
});

describe('the check of mail', () => {
  it('shows the server and asks it nothing', async () => {
    await using smtp = await startSmtpServer();
    await using host = await noticedHost(engine, smtp, { SMTP_STARTTLS: 'on' });
    const { exitCode, checks } = await examine(host, []);
    expect(exitCode).toBe(0);
    expect(checks).toMatchObject([
      { state: 'ok', message: `127.0.0.1:${smtp.port}, STARTTLS required, to ops@example.org`, hint: null },
    ]);
    expect(smtp.connections).toBe(0);
  });

  it('warns of what waits and of what was refused for good', async () => {
    await using smtp = await startSmtpServer();
    await using host = await noticedHost(engine, smtp, {
      SCAN_IMAGES: 'registry.example/base/alpine:3.23',
      SMTP_TO: 'busy@example.org,gone@example.org',
    });
    smtp.refuse({ at: 'recipient', code: 450, message: 'mailbox busy', recipient: 'busy@example.org' });
    smtp.refuse({ at: 'recipient', code: 550, message: 'no such mailbox', recipient: 'gone@example.org' });
    await host.pass();
    const { checks } = await examine(host, []);
    expect(checks).toMatchObject([
      {
        state: 'warning',
        message: expect.stringMatching(/deliveries that wait: 1; held: 0; given up: 1$/),
        hint: expect.stringContaining('mailbox busy'),
      },
    ]);
  });
});

/** A server that is there no more. */
const closedServer = async (): Promise<{ readonly port: number }> => {
  await using server = await startSmtpServer();
  return { port: server.port };
};
