import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fakeTrivy, placeDatabase, type ReceivedMail, startSmtpServer } from '@scanner/testing';

import type { GtsUser, RunningGts } from '../../e2e/support/gts.ts';
import { type Failure, lineWith, check } from './failure.ts';
import { ALPINE, nextPass, type World } from './world.ts';

const SCAN = ['host', 'scan'] as const;
const MANY_FINDINGS = 10_000;
const LARGEST_MAIL = 60_000;

/** What goes wrong with mail. */
export const NOTICE_FAILURES: readonly Failure[] = [
  {
    what: 'The mail server is away for three passes, each with news',
    command: 'gts host scan',
    async provoke(world) {
      const away = world.own(await startSmtpServer());
      const { port } = away;
      await away[Symbol.asyncDispose]();
      const user = await mailedUser(world, port);
      const first = await user.gts(SCAN);
      await placeDatabase(join(user.directory, 'cache'), 2);
      await user.gts(SCAN);
      const back = world.own(await startSmtpServer({ port }));
      await user.gts(['notices', 'retry']);
      await nextPass(user);
      const ids = back.mails.map(idOf);
      check(ids.length === 3 && new Set(ids).size === 3, 'the three notices arrive, each once');
      const [inventory, news] = back.mails.map(
        ({ raw }) => /^Subject: (?<subject>.*)$/mv.exec(raw.toString())?.[0] ?? '',
      );
      check(inventory?.includes('first seen') === true && news?.includes('new') === true, 'they arrive in order');
      return {
        exitCode: first.exitCode,
        message: lineWith(first, /warning: .*(?:mail|notice)/v),
        survived: 'every notice, once and in order, when the server is back',
      };
    },
  },
  {
    what: 'An image has 10,000 findings',
    command: 'gts host scan',
    async provoke(world) {
      const smtp = world.own(await startSmtpServer());
      const trivy = world.own(await fakeTrivy({ behaviour: { kind: 'answer', report: reportOf(MANY_FINDINGS) } }));
      const user = await mailedUser(world, smtp.port, { SCAN_IMAGES: ALPINE, TRIVY_PATH: trivy.path });
      const ended = await user.gts(SCAN);
      check((smtp.mails[0]?.raw.length ?? Infinity) < LARGEST_MAIL, 'the mail is short');
      const logs = join(user.directory, 'logs');
      const log = (await readdir(logs)).find((name) => name.startsWith('scan-2')) ?? '';
      const text = await readFile(join(logs, log), 'utf8');
      check(
        text.includes(idOfFinding(0)) && text.includes(idOfFinding(MANY_FINDINGS - 1)),
        'the log names all of them',
      );
      return {
        exitCode: ended.exitCode,
        message: '',
        survived: 'every finding in the log; the mail has the totals and the worst, in less than 60 KB',
      };
    },
  },
  {
    what: 'The mail server refuses one of two recipients for good',
    command: 'gts host scan',
    async provoke(world) {
      const smtp = world.own(await startSmtpServer());
      smtp.refuse({ at: 'recipient', code: 550, message: '5.1.1 no such user', recipient: 'gone@example.org' });
      const user = await mailedUser(world, smtp.port, { SMTP_TO: 'ops@example.org,gone@example.org' });
      const ended = await user.gts(SCAN);
      check(
        smtp.mails.length === 1 && smtp.mails[0]?.recipients.includes('ops@example.org') === true,
        'the other has it',
      );
      await nextPass(user);
      check(smtp.mails.length === 1, 'it does not go to him twice');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /gone@example\.org/v),
        survived: 'the mail of the other recipient, once; the refused one is in gts notices list',
      };
    },
  },
  {
    what: 'The relay refuses everybody',
    command: 'gts host scan',
    async provoke(world) {
      const smtp = world.own(await startSmtpServer());
      smtp.refuse({ at: 'recipient', code: 554, message: '5.7.1 Relay access denied' });
      const user = await mailedUser(world, smtp.port);
      const ended = await user.gts(SCAN);
      smtp.forgive();
      await user.gts(['notices', 'retry']);
      await nextPass(user);
      check(smtp.mails.length === 1, 'the notice arrives once the server takes it');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /relay|Relay/v),
        survived: 'the notice, which waits until it can go',
      };
    },
  },
  {
    what: 'The password for mail is wrong',
    command: 'gts host scan',
    async provoke(world) {
      const account = { user: 'scanner', pass: 'right' };
      const smtp = world.own(await startSmtpServer({ account }));
      const user = await mailedUser(world, smtp.port, { SMTP_USER: 'scanner', SMTP_PASS: 'wrong' });
      const ended = await user.gts(SCAN);
      await user.gts(SCAN);
      check(smtp.logins <= 2, 'the account is not tried again and again');
      check(!ended.stderr.includes('wrong\n') && !ended.stderr.includes("'wrong'"), 'the password is not shown');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /SMTP_USER and SMTP_PASS/v),
        survived: 'the notice; one login is tried a pass',
      };
    },
  },
  {
    what: 'SIGKILL after the server has taken the mail and before that is recorded',
    command: 'gts host scan',
    async provoke(world) {
      let running: RunningGts | undefined;
      const smtp = world.own(await startSmtpServer({ onMail: () => running?.kill('SIGKILL') }));
      const user = await mailedUser(world, smtp.port);
      running = user.start(SCAN);
      const ended = await running.ended;
      running = undefined;
      await nextPass(user);
      await nextPass(user);
      check(smtp.mails.length === 2, 'it goes once more');
      check(idOf(smtp.mails[0]) === idOf(smtp.mails[1]), 'under the same Message-ID');
      return { exitCode: ended.exitCode, message: '', survived: 'the notice; it comes twice under one Message-ID' };
    },
  },
];

const mailedUser = async (
  world: World,
  port: number,
  more: Readonly<Record<string, string>> = {},
): Promise<GtsUser> => {
  const user = await world.hostUser({
    TRIVY_SKIP_DB_UPDATE: '1',
    TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(port),
    SMTP_FROM: 'scanner@example.org',
    SMTP_TO: 'ops@example.org',
    ...more,
  });
  await placeDatabase(join(user.directory, 'cache'), 1);
  return user;
};

const idOf = (mail: ReceivedMail | undefined): string => {
  const id = /^Message-ID: (?<id>.*)$/imv.exec(mail?.raw.toString('latin1') ?? '')?.groups?.['id'];
  if (id === undefined) throw new Error('a mail has no Message-ID');
  return id.trim();
};

const idOfFinding = (index: number): string => `CVE-2098-${String(index).padStart(5, '0')}`;

/** A report of Trivy with so many findings in one package. */
const reportOf = (findings: number): string =>
  JSON.stringify({
    SchemaVersion: 2,
    Metadata: { OS: { Family: 'alpine', Name: '3.23.0' } },
    Results: [
      {
        Target: 'alpine',
        Class: 'os-pkgs',
        Type: 'alpine',
        Vulnerabilities: Array.from({ length: findings }, (_, index) => ({
          VulnerabilityID: idOfFinding(index),
          PkgName: 'musl',
          PkgIdentifier: { PURL: 'pkg:apk/alpine/musl@1.0' },
          InstalledVersion: '1.0',
          Severity: 'HIGH',
        })),
      },
    ],
  });
