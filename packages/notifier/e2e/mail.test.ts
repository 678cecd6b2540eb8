import { once } from 'node:events';
import { createServer } from 'node:net';

import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';

import { decidePass, NOTHING_TOLD, type Notice, type PassImage } from '@scanner/core';
import { aFinding } from '@scanner/core/testing';
import { createMailSender, freezeNotice, type MailOptions, sendTestMail } from '@scanner/notifier';
import { openSilentPort, selfSignedCertificate, type SmtpServer, startSmtpServer } from '@scanner/testing';

import { aMessage } from '../src/testing/messages.ts';
import { aBusyNotice, aNotice, aNoticeFinding, aNoticeGroup, whole } from '../src/testing/notices.ts';

const account = { user: 'scanner', pass: 'p4ss wörd' };
const signal = AbortSignal.timeout(60_000);

const senderTo = ({ port, certificate }: Pick<SmtpServer, 'port' | 'certificate'>, options: Partial<MailOptions>) =>
  createMailSender({
    host: 'localhost',
    port,
    security: 'none',
    account: null,
    from: { name: 'Image scanner', address: 'scanner@example.org' },
    ...(certificate !== null && { trust: certificate }),
    ...options,
  });

const message = aMessage('m1');
const attempt = (server: Pick<SmtpServer, 'port' | 'certificate'>, options: Partial<MailOptions> = {}) =>
  senderTo(server, options).send(message, 'ops@example.org', signal);

const failure = (again: string, scope: string, reason: string) => ({
  outcome: 'failed',
  failure: { again, scope, reason: expect.stringContaining(reason) },
});

describe('encryption', () => {
  it.each(['starttls', 'implicit'] as const)('goes through %s with a login', async (encryption) => {
    await using server = await startSmtpServer({ encryption, account });
    const security = encryption === 'implicit' ? 'implicit' : 'required';
    expect(await attempt(server, { security, account })).toEqual({ outcome: 'sent' });
    expect(server.mails).toMatchObject([
      { sender: 'scanner@example.org', recipients: ['ops@example.org'], encrypted: true, user: 'scanner' },
    ]);
  });

  it('takes what is offered where it is not required', async () => {
    await using offering = await startSmtpServer({ encryption: 'starttls' });
    await using plain = await startSmtpServer();
    await attempt({ port: offering.port, certificate: null }, { security: 'opportunistic' });
    await attempt(plain, { security: 'opportunistic' });
    expect([offering, plain].map(({ mails }) => mails.map(({ encrypted }) => encrypted))).toEqual([[true], [false]]);
  });

  it('is left out only when it is switched off', async () => {
    await using server = await startSmtpServer({ encryption: 'starttls', account });
    await attempt(server, { security: 'none', account });
    expect(server.mails).toMatchObject([{ encrypted: false, user: 'scanner' }]);
  });

  it('sends nothing to a server without STARTTLS where it is required', async () => {
    await using server = await startSmtpServer();
    expect(await attempt(server, { security: 'required' })).toEqual(
      failure('held', 'channel', 'refused to encrypt; check SMTP_STARTTLS'),
    );
    expect(server.mails).toEqual([]);
  });

  it('finds that a plain port speaks no TLS', async () => {
    await using server = await startSmtpServer();
    expect(await attempt(server, { security: 'implicit' })).toEqual(
      failure('held', 'channel', 'check its certificate'),
    );
  });

  it.each(['required', 'implicit', 'opportunistic'] as const)(
    'gives no password to a server that nobody vouches for: %s',
    async (security) => {
      await using server = await startSmtpServer({
        encryption: security === 'implicit' ? 'implicit' : 'starttls',
        account,
      });
      const { certificate } = await selfSignedCertificate();
      expect(await attempt({ port: server.port, certificate }, { security, account })).toEqual(
        failure('held', 'channel', 'certificate'),
      );
      expect(server.logins).toBe(0);
    },
  );
});

describe('a mail', () => {
  it('has both parts and the headers that tell programs what it is', async () => {
    await using server = await startSmtpServer();
    const sender = senderTo(server, {});
    const told = aMessage('0198', {
      subject: '[image-scanner] Grüße: 3 new',
      text: 'Zeile – eins\n'.repeat(3),
      html: '<!doctype html><p>Zeile &lt;eins&gt;</p>',
      recipients: ['ops@example.org', 'security@example.org'],
    });
    await sender.send(told, 'security@example.org', signal);
    const raw = server.mails[0]!.raw;
    const mail = await PostalMime.parse(raw);
    expect(mail).toMatchObject({
      subject: '[image-scanner] Grüße: 3 new',
      messageId: '<0198@example.org>',
      references: '<host.web1@example.org>',
      from: { name: 'Image scanner', address: 'scanner@example.org' },
      date: '2026-11-22T03:00:00.000Z',
    });
    expect(mail.text?.trimEnd()).toBe('Zeile – eins\n'.repeat(3).trimEnd());
    expect(mail.html?.trimEnd()).toBe('<!doctype html><p>Zeile &lt;eins&gt;</p>');
    expect(mail.to?.map(({ address }) => address)).toEqual(['ops@example.org', 'security@example.org']);
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('x-auto-response-suppress')).toBe('All');
    expect(header('list-id')).toBe('<host.web1.example.org>');
    expect(header('content-type')).toMatch(/^multipart\/alternative/);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
    expect(server.mails[0]!.recipients).toEqual(['security@example.org']);
    expect(
      Math.max(
        ...raw
          .toString('latin1')
          .split('\r\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(998);
  });

  it('calls its sender and its recipients by the names that they were given', async () => {
    await using server = await startSmtpServer();
    const named = aMessage('m3', {
      recipients: ['jane@example.org', 'ops@example.org', 'jürgen@example.org'],
      names: { 'jane@example.org': 'Doe, Jane "JD"', 'jürgen@example.org': 'Jürgen' },
    });
    const sender = senderTo(server, { from: { name: 'Scanner, web1', address: 'scanner@example.org' } });
    await sender.send(named, 'ops@example.org', signal);
    const raw = server.mails[0]!.raw.toString('latin1');
    expect(raw).toContain('From: "Scanner, web1" <scanner@example.org>');
    expect(raw).toContain('To: "Doe, Jane \\"JD\\"" <jane@example.org>');
    const mail = await PostalMime.parse(server.mails[0]!.raw);
    expect(mail.to).toMatchObject([
      { name: 'Doe, Jane "JD"', address: 'jane@example.org' },
      { name: '', address: 'ops@example.org' },
      { name: 'Jürgen', address: 'jürgen@example.org' },
    ]);
  });

  it('carries nothing that a line break or a name put into a header', async () => {
    await using server = await startSmtpServer();
    const hostile = aMessage('m2', { subject: 'a\r\nBcc: evil@example.net\r\n\r\nbody' });
    await senderTo(server, { from: { name: 'x"\r\nX-Evil: 1', address: 'scanner@example.org' } }).send(
      hostile,
      'ops@example.org',
      signal,
    );
    const mail = await PostalMime.parse(server.mails[0]!.raw);
    expect(mail.headers.map(({ key }) => key)).not.toContain('x-evil');
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.text).toContain('text of m2');
    expect(server.mails[0]!.recipients).toEqual(['ops@example.org']);
  });
});

const from = { name: 'Image scanner', address: 'scanner@example.org' };
const to = [{ name: '', address: 'ops@example.org' }];

describe('a notice', () => {
  const freeze = (notice: ReturnType<typeof aNotice>) =>
    freezeNotice(notice, {
      id: 'n1',
      host: 'web1',
      hostId: '7d1',
      logs: '/srv/security/logs',
      directory: '/srv/security',
      timeZone: 'Europe/Berlin',
      subjectPrefix: '[image-scanner]',
      mail: { from, to },
      webhook: false,
    });

  it('arrives as it was rendered', async () => {
    await using server = await startSmtpServer();
    const frozen = freeze(aBusyNotice());
    await senderTo(server, {}).send(frozen, 'ops@example.org', signal);
    const mail = await PostalMime.parse(server.mails[0]!.raw);
    expect(mail.subject).toBe(frozen.mail?.subject);
    expect(mail.text?.trimEnd()).toBe(frozen.mail?.text.trimEnd());
    expect(mail.html?.trimEnd()).toBe(frozen.mail?.html.trimEnd());
    expect(mail.attachments).toEqual([]);
  });

  it.each(['x', '日', '\u{E0041}', '='])('stays below 100 KB on the wire, however long: %j', async (unit) => {
    const text = unit.repeat(160);
    const finding = aNoticeFinding({ vulnerability: text, package: text, path: text, installed: text, fixed: text });
    const list = { items: Array.from({ length: 100 }, () => finding), total: 5000 };
    const group = aNoticeGroup({ references: whole(text, text), new: list, resolved: list });
    const notice = aNotice({ changes: { items: Array.from({ length: 40 }, () => group), total: 40 } });
    await using server = await startSmtpServer();
    await senderTo(server, {}).send(freeze(notice), 'ops@example.org', signal);
    expect(server.mails[0]!.raw.length).toBeLessThan(100_000);
  });
});

describe('two advisories in forty images', () => {
  const services = Array.from({ length: 40 }, (_, index) => `registry.example/shop/service-${index}:1.${index}`);
  const advisories = [
    aFinding({ title: 'openssl: a flaw in how names of certificates are read lets others in' }),
    aFinding({ vulnerability: 'CVE-2026-2000', package: 'zlib1g', title: 'zlib: an overflow while inflating' }),
  ];

  /** What a host is told that had these images, and had none of these advisories. */
  const noticeOf = (): Notice | null => {
    const images = (findings: typeof advisories): PassImage[] =>
      services.map((reference, index) => ({
        id: `sha256:${index}`,
        references: [reference],
        containers: [{ name: `service-${index}`, state: 'running', compose_project: 'shop' }],
        outcome: { status: 'complete', coverage: 'full', findings, matched: true },
      }));
    const pass = (at: string, findings: typeof advisories, state = NOTHING_TOLD) =>
      decidePass(
        state,
        {
          at,
          images: images(findings),
          scanner: {
            trivyVersion: '0.74.0',
            databaseGeneration: at,
            databaseUpdatedAt: at,
            databaseStale: false,
          },
          filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
          baselines: new Map(),
          unreadableBaselines: new Set(),
          trouble: null,
          interrupted: false,
        },
        { repeat: 'never', failuresAfter: 3, accept: false },
      );
    const { state } = pass('2026-11-21T03:00:00.000Z', []);
    return pass('2026-11-22T03:00:00.000Z', advisories, state).notice;
  };

  it('are one mail below 10 KB that names both once, with all forty', async () => {
    const notice = noticeOf();
    if (notice === null) throw new Error('nothing was told');
    const named = [{ name: 'Doe, Jane', address: 'jane@example.org' }, ...to];
    const frozen = freezeNotice(notice, {
      id: '0198f2ab-7d11-7c3e-9d4a-3f0b8c1d2e4f',
      host: 'web1',
      hostId: '7d1',
      logs: '/srv/security/logs',
      directory: '/srv/security',
      timeZone: 'Europe/Berlin',
      subjectPrefix: '[image-scanner]',
      mail: { from, to: named },
      webhook: false,
    });
    await using server = await startSmtpServer();
    await senderTo(server, {}).send(frozen, 'ops@example.org', signal);
    const [received] = server.mails;
    expect(received?.raw.length).toBeLessThan(10_000);
    const { subject, to: recipients, text = '', html = '' } = await PostalMime.parse(received?.raw ?? '');
    expect(subject).toBe('[image-scanner] web1: 2 new advisories (80 findings), worst HIGH');
    expect(recipients?.map(({ name }) => name)).toEqual(['Doe, Jane', '']);
    for (const part of [text, html.replaceAll(/<code>.*?<\/code>|<title>.*?<\/title>|href="[^"]*"/gs, '')]) {
      const body = part.replace(/gts accept .*\n/, '');
      for (const { vulnerability, title } of advisories) {
        expect(body.match(new RegExp(`${vulnerability}(?!\\d)`, 'g'))).toHaveLength(1);
        expect(body.replaceAll(/\s+/g, ' ')).toContain(title);
      }
      expect(services.filter((reference) => !body.includes(reference))).toEqual([]);
      for (const [index] of services.entries()) expect(body).toMatch(new RegExp(`shop/service-${index}\\b(?!:)`));
    }
  });
});

describe('a test mail', () => {
  const options = {
    id: 't1',
    host: 'web1',
    from,
    to,
    subjectPrefix: '[image-scanner]',
    at: '2026-11-22T03:00:00Z',
    timeZone: 'Europe/Berlin',
  };

  it('arrives, and says what it is', async () => {
    await using server = await startSmtpServer();
    const results = await sendTestMail(senderTo(server, {}), options, signal);
    expect(results).toEqual([{ recipient: 'ops@example.org', attempt: { outcome: 'sent' } }]);
    const mail = await PostalMime.parse(server.mails[0]!.raw);
    expect(mail.subject).toBe('[image-scanner] web1: test mail');
    expect(mail.text).toContain(
      'This is a test from the image scanner on web1, sent 2026-11-22 03:00 UTC (04:00 Europe/Berlin).',
    );
  });

  it('tells of each recipient how it went, and asks once where the server takes none', async () => {
    await using server = await startSmtpServer();
    server.refuse({ at: 'recipient', recipient: 'gone@example.org', code: 550, message: 'no such user' });
    const both = { ...options, to: [{ name: '', address: 'gone@example.org' }, ...to] };
    const results = await sendTestMail(senderTo(server, {}), both, signal);
    expect(results.map(({ attempt: { outcome } }) => outcome)).toEqual(['failed', 'sent']);
    server.refuse({ at: 'sender', code: 553, message: 'not yours' });
    expect(await sendTestMail(senderTo(server, {}), both, signal)).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each([
    ['connect', 554, 'held', 'channel', 'refused the session'],
    ['connect', 421, 'soon', 'channel', 'takes nothing now'],
    ['sender', 553, 'held', 'channel', 'refused scanner@example.org as the sender; check SMTP_FROM'],
    ['sender', 451, 'soon', 'channel', 'does not take scanner@example.org as the sender now'],
    ['sender', 530, 'held', 'channel', 'check SMTP_USER and SMTP_PASS'],
    ['recipient', 550, 'never', 'recipient', 'refused ops@example.org'],
    ['recipient', 450, 'soon', 'recipient', 'does not take ops@example.org now'],
    ['data', 554, 'never', 'recipient', 'refused the mail to ops@example.org'],
    ['data', 451, 'soon', 'recipient', 'does not take the mail to ops@example.org now'],
  ] as const)('of the %s with %i is tried again: %s', async (at, code, again, scope, reason) => {
    await using server = await startSmtpServer();
    server.refuse({ at, code, message: 'for reasons\u001B[2J of its own' });
    const outcome = await attempt(server);
    expect(outcome).toEqual(failure(again, scope, reason));
    expect(JSON.stringify(outcome)).toContain('of its own');
    expect(JSON.stringify(outcome)).not.toMatch(/\\u001b/i);
    expect(server.mails).toEqual([]);
  });

  it.each([
    ['login', 454, '4.7.0 Too many login attempts, please try again later', 'held', 'channel', 'takes no login now'],
    ['login', 504, '5.5.4 Unrecognized authentication type', 'held', 'channel', 'offers no way to sign in'],
    ['login', 535, '5.7.8 Authentication credentials invalid', 'held', 'channel', 'check SMTP_USER and SMTP_PASS'],
    ['sender', 530, '5.7.0 Must issue a STARTTLS command first', 'held', 'channel', 'set SMTP_STARTTLS=true'],
    ['sender', 530, '5.7.0 Authentication required', 'held', 'channel', 'check SMTP_USER and SMTP_PASS'],
    ['sender', 552, '5.3.4 Message size exceeds fixed limit', 'held', 'recipient', 'takes no mail of that size'],
    ['sender', 421, '4.7.0 Try again later, closing connection', 'soon', 'channel', 'takes nothing now'],
    ['recipient', 450, '4.2.0 Greylisted, see you in five minutes', 'soon', 'recipient', 'does not take ops@'],
    ['recipient', 452, '4.2.2 The email account is over quota', 'soon', 'recipient', 'does not take ops@'],
    ['recipient', 550, '5.1.1 The email account does not exist', 'never', 'recipient', 'refused ops@example.org'],
    ['recipient', 552, '5.2.2 Mailbox full', 'never', 'recipient', 'refused ops@example.org'],
    ['recipient', 554, '5.7.1 Relay access denied', 'held', 'recipient', 'no mail of this sender to ops@example.org'],
    ['recipient', 550, 'relay not permitted', 'held', 'recipient', 'no mail of this sender to ops@example.org'],
    ['data', 554, 'Message rejected: Email address is not verified', 'held', 'recipient', 'check SMTP_FROM'],
    ['data', 550, '5.7.509 Access denied, sending domain does not pass DMARC', 'held', 'recipient', 'SMTP_FROM'],
    ['data', 554, '5.2.252 SendAsDenied; not allowed to send as this sender', 'held', 'recipient', 'SMTP_FROM'],
    ['data', 554, '5.2.0 OutboundSpamException', 'held', 'recipient', 'what the server says'],
    ['data', 552, '5.3.4 Message too big for system', 'held', 'recipient', 'takes no mail of that size'],
    [
      'data',
      554,
      '5.6.0 Message content could not be read',
      'never',
      'recipient',
      'refused the mail to ops@example.org',
    ],
  ] as const)('of the %s with %i %s is %s for the %s', async (...[at, code, message, again, scope, reason]) => {
    await using server = await startSmtpServer({ account });
    server.refuse({ at, code, message });
    const outcome = await attempt(server, { account });
    expect(outcome).toEqual(failure(again, scope, reason));
    expect(JSON.stringify(outcome)).toContain(message);
    expect(server.mails).toEqual([]);
  });

  it('of the password asks for patience and does not repeat it', async () => {
    await using server = await startSmtpServer({ account });
    const outcome = await attempt(server, { account: { user: 'scanner', pass: 'not-the-password' } });
    expect(outcome).toEqual(failure('held', 'channel', 'refused the login; check SMTP_USER and SMTP_PASS'));
    expect(JSON.stringify(outcome)).not.toContain('not-the-password');
    expect(server.logins).toBe(1);
  });

  it('of a login by a server that knows none is one of the password too', async () => {
    await using server = await startSmtpServer();
    expect(await attempt(server, { account })).toEqual(failure('held', 'channel', 'SMTP_USER'));
    expect(server.mails).toEqual([]);
  });
});

describe('silence', () => {
  it('of a port that never answers ends the attempt', async () => {
    await using silent = await openSilentPort();
    const outcome = await attempt({ port: silent.port, certificate: null }, { timeouts: { greeting: 50 } });
    expect(outcome).toEqual(failure('soon', 'channel', 'did not answer in time; check SMTP_HOST and SMTP_PORT'));
  });

  it('that is broken by single signs of life ends the attempt all the same', async () => {
    await using server = await startSmtpServer({ onMail: () => new Promise(() => {}) });
    const outcome = await attempt(server, { timeouts: { whole: 300 } });
    expect(outcome).toEqual(failure('soon', 'channel', 'did not answer in time'));
  });

  it('of a machine where nobody listens is one of the network', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await attempt({ port, certificate: null })).toEqual(failure('soon', 'channel', 'no connection'));
  });

  it('ends with the signal', async () => {
    await using silent = await openSilentPort();
    const stop = new AbortController();
    const sending = senderTo({ port: silent.port, certificate: null }, {}).send(
      message,
      'ops@example.org',
      stop.signal,
    );
    stop.abort(new Error('stopped'));
    await expect(sending).rejects.toThrow('stopped');
  });
});
