import { describe, expect, it } from 'vitest';

import { parseDotEnv } from './dot-env.ts';
import { resolveSettings } from './resolve-settings.ts';
import { smtpSecurity } from './smtp-security.ts';

const resolve = (env: Record<string, string>) =>
  resolveSettings({
    flags: {},
    env,
    readFile: () => null,
    secretsDirectory: () => null,
    dotEnv: null,
    base: { layout: 'user', cores: 2, memoryBytes: 8 * 1024 ** 3, cacheHome: '/cache' },
  });

const valuesOf = (env: Record<string, string>) => {
  const resolution = resolve(env);
  if (!resolution.ok) throw new Error(resolution.problems.map(({ setting }) => setting).join());
  return resolution.settings;
};

const server = { SMTP_HOST: 'smtp.example.org', SMTP_TO: 'ops@example.org' };

describe('settings of notices', () => {
  it('take addresses alone and with a name, each once', () => {
    const { SMTP_FROM: from, SMTP_TO: to } = valuesOf({
      SMTP_HOST: 'mx',
      SMTP_FROM: 'Image scanner <scanner@example.org>',
      SMTP_TO: 'a@example.org, Ops <b@example.org>,\na@example.org',
    });
    expect(from).toEqual({ name: 'Image scanner', address: 'scanner@example.org' });
    expect(to).toEqual([
      { name: '', address: 'a@example.org' },
      { name: 'Ops', address: 'b@example.org' },
    ]);
  });

  it.each([
    ['"Doe, Jane" <jane@example.org>', 'Doe, Jane'],
    [String.raw`"Jane \"JD\" O'Doe" <jane@example.org>`, 'Jane "JD" O\'Doe'],
    ['"ops@night" <jane@example.org>', 'ops@night'],
    ['J. Doe <jane@example.org>', 'J. Doe'],
    ['Jürgen<jane@example.org>', 'Jürgen'],
    ['<jane@example.org>', ''],
  ])('take the name of %s, as a recipient among others and as the sender', (text, name) => {
    const jane = { name, address: 'jane@example.org' };
    const { SMTP_FROM: from, SMTP_TO: to } = valuesOf({
      SMTP_HOST: 'mx',
      SMTP_FROM: text,
      SMTP_TO: `a@example.org,${text},b@example.org`,
    });
    expect(from).toEqual(jane);
    expect(to).toEqual([{ name: '', address: 'a@example.org' }, jane, { name: '', address: 'b@example.org' }]);
  });

  it('take quoted names from an .env file, in single quotes', () => {
    const { SMTP_TO } = parseDotEnv(`SMTP_TO='"Doe, Jane" <jane@example.org>,Ops <ops@example.org>'\n`);
    expect(valuesOf({ SMTP_HOST: 'mx', SMTP_TO: SMTP_TO ?? '' }).SMTP_TO.map(({ name }) => name)).toEqual([
      'Doe, Jane',
      'Ops',
    ]);
  });

  it.each([
    'ops',
    'ops@',
    '@example.org',
    'a b@example.org',
    'a@example.org\u0000Bcc: x',
    'a@b@c',
    '"a"@example.org',
    'Ops <a@example.org',
    'x <y <a@example.org>',
    'a@example.org>',
    '"Doe, Jane <a@example.org>',
    'Doe, Jane <a@example.org>',
    '"a\u0007b" <a@example.org>',
    '"a" b <a@example.org>',
    `${'n'.repeat(101)} <a@example.org>`,
  ])('refuse %j as a recipient', (text) => {
    expect(resolve({ SMTP_HOST: 'mx', SMTP_TO: text })).toMatchObject({
      ok: false,
      problems: [{ setting: 'SMTP_TO' }],
    });
  });

  it.each([
    ['never', 'never'],
    ['Every-Pass', 'every-pass'],
    ['7d', { everySeconds: 604_800 }],
  ])('read %s as when to repeat', (text, value) => {
    expect(valuesOf({ NOTIFY_REPEAT: text }).NOTIFY_REPEAT).toEqual(value);
  });

  it.each(['0d', 'weekly', '7'])('refuse %j as when to repeat', (text) => {
    expect(resolve({ NOTIFY_REPEAT: text })).toMatchObject({
      problems: [{ setting: 'NOTIFY_REPEAT', accepted: 'never, every-pass, or a time such as 7d' }],
    });
  });

  it.each(['smtp.example.org:587', 'a b', 'https://x', '-x'])('refuse %j as a mail server', (text) => {
    expect(resolve({ ...server, SMTP_HOST: text }).ok).toBe(false);
  });
});

describe('rules of notices', () => {
  it('refuse both ways to encrypt at once', () => {
    expect(resolve({ ...server, SMTP_TLS: 'true', SMTP_STARTTLS: '1' })).toMatchObject({
      problems: [{ setting: 'SMTP_TLS', value: 'true, and SMTP_STARTTLS true' }],
    });
  });

  it('refuse a mail server without recipients', () => {
    expect(resolve({ SMTP_HOST: 'mx' })).toMatchObject({ problems: [{ setting: 'SMTP_TO' }] });
  });

  it('take an account only whole, and never show its password', () => {
    expect(resolve({ ...server, SMTP_USER: 'me' })).toMatchObject({ problems: [{ setting: 'SMTP_PASS' }] });
    const alone = resolve({ ...server, SMTP_PASS: 'hunter2' });
    expect(alone).toMatchObject({ problems: [{ setting: 'SMTP_USER' }] });
    expect(JSON.stringify(alone)).not.toContain('hunter2');
  });

  it.each([
    [{ SMTP_TLS: 'false', SMTP_STARTTLS: 'false' }, 'SMTP_PASS IS SENT UNENCRYPTED'],
    [{ SMTP_PORT: '2525' }, 'SMTP_PASS is sent unencrypted where the mail server offers no STARTTLS on port 2525'],
  ])('warn of a password that can be read on its way: %j', (ways, start) => {
    const resolution = resolve({ ...server, SMTP_USER: 'me', SMTP_PASS: 'secret', ...ways });
    expect(resolution.ok && resolution.warnings).toEqual([expect.stringContaining(start)]);
  });

  it.each([{ SMTP_PORT: '465' }, {}, { SMTP_PORT: '25', SMTP_STARTTLS: 'on' }])(
    'warn of nothing where the password is safe: %j',
    (ways) => {
      const resolution = resolve({ ...server, SMTP_USER: 'me', SMTP_PASS: 'secret', ...ways });
      expect(resolution.ok && resolution.warnings).toEqual([]);
    },
  );

  it('warn of recipients without a server, and of a key without an address', () => {
    const resolution = resolve({ SMTP_TO: 'ops@example.org', WEBHOOK_SECRET: 'x' });
    expect(resolution.ok && resolution.warnings).toHaveLength(2);
  });
});

describe('encryption of mail', () => {
  it.each([
    [465, null, null, 'implicit'],
    [587, null, null, 'required'],
    [25, null, null, 'opportunistic'],
    [2525, true, null, 'implicit'],
    [465, null, true, 'required'],
    [25, false, true, 'required'],
    [465, true, false, 'implicit'],
    [465, false, null, 'opportunistic'],
    [587, false, null, 'required'],
    [465, null, false, 'implicit'],
    [587, null, false, 'opportunistic'],
    [465, false, false, 'none'],
    [587, false, false, 'none'],
  ] as const)('on port %i with TLS %s and STARTTLS %s is %s', (SMTP_PORT, SMTP_TLS, SMTP_STARTTLS, security) => {
    expect(smtpSecurity({ SMTP_PORT, SMTP_TLS, SMTP_STARTTLS })).toBe(security);
  });
});
