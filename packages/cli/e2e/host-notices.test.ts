import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HostScanDocument } from '@scanner/core';
import {
  databaseFile,
  type DatabaseGeneration,
  databaseMetadata,
  type Engine,
  loadStandardImages,
  realTrivy,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
} from '@scanner/testing';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';

let engine: Engine;
let smtp: SmtpServer;
let user: GtsUser;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());
beforeEach(async () => {
  smtp = await startSmtpServer();
  user = await gtsUser({
    TRIVY_PATH: await realTrivy(),
    TRIVY_SKIP_DB_UPDATE: '1',
    TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    DOCKER_HOST: engine.dockerHost,
    SCAN_IMAGES: [ALPINE, DEBIAN, WORKER].join(','),
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_FROM: 'scanner@example.org',
    SMTP_TO: 'ops@example.org',
  });
  await useDatabase(1);
});
afterEach(async () => {
  await user[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

/** Puts a generation where one without a way to any mirror would put it. */
const useDatabase = async (generation: DatabaseGeneration): Promise<void> => {
  const directory = join(user.directory, 'cache', 'db');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'trivy.db'), await databaseFile(generation));
  await writeFile(join(directory, 'metadata.json'), JSON.stringify(databaseMetadata({ updatedAt: new Date() })));
};

const pass = async (args: readonly string[] = [], environment: Environment = {}) => {
  const ended = await user.gts(['host', 'scan', '--json', ...args], environment);
  return { exitCode: ended.exitCode, stderr: ended.stderr, document: await readDocument(HostScanDocument, ended.stdout) };
};

const mailAt = async (index: number) => {
  const mail = smtp.mails[index];
  if (mail === undefined) throw new Error(`no mail ${index + 1} of ${smtp.mails.length}`);
  return PostalMime.parse(mail.raw);
};

describe('notices of a host', () => {
  it('begin with one inventory, and are silent while nothing changes', async () => {
    const { exitCode, document } = await pass();
    expect(exitCode).toBe(0);
    expect(document.images.flatMap(({ baselines }) => baselines.map(({ state }) => state))).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    expect(smtp.mails).toHaveLength(1);
    const mail = await mailAt(0);
    expect(mail.to).toMatchObject([{ address: 'ops@example.org' }]);
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
    for (const reference of [ALPINE, DEBIAN, WORKER]) expect(mail.text).toContain(reference);
    expect(mail.html).toContain(ALPINE);

    await pass();
    expect(smtp.mails).toHaveLength(1);
  });

  it('tell a new advisory once, under every reference it is about, and nothing that was accepted', async () => {
    expect((await pass(['--save-snapshot'])).exitCode).toBe(0);
    expect(await readdir(join(user.directory, 'snapshots'))).toHaveLength(3);
    expect(smtp.mails).toHaveLength(0);

    await useDatabase(2);
    const { document } = await pass();
    expect(document.totals.new).toBe(2);
    expect(smtp.mails).toHaveLength(1);
    const mail = await mailAt(0);
    expect(mail.text).toContain('CVE-2099-1011');
    expect(mail.text).toContain(DEBIAN);
    expect(mail.text).toContain(WORKER);
    expect(mail.text).not.toContain('CVE-2099-1003');

    await pass();
    expect(smtp.mails.length).toBeLessThanOrEqual(2);
  });

  it('tell what was withdrawn when a second look agrees', async () => {
    await pass(['--save-snapshot']);
    await useDatabase(2);
    const first = await pass();
    expect(first.document.totals.resolved).toBe(0);
    const second = await pass();
    expect(second.document.totals.resolved).toBe(2);
    const last = await mailAt(smtp.mails.length - 1);
    expect(last.text).toContain('CVE-2099-2003');
    expect(last.text).toContain(ALPINE);
    const told = smtp.mails.length;
    await pass();
    expect(smtp.mails).toHaveLength(told);
  });

  it('are kept while the mail server is down, and told once when it is up', async () => {
    smtp.refuse({ at: 'connect', code: 421, message: 'closed for the night' });
    const { exitCode, stderr } = await pass();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/deliver/);
    expect(smtp.mails).toHaveLength(0);
    smtp.forgive();
    const states = await readdir(join(user.directory, 'state'));
    expect(states).toContain('telling.db');
  });

  it('never show the password of the mail server', async () => {
    const { stderr } = await pass([], { SMTP_USER: 'scanner', SMTP_PASS: 'hunter2-secret' });
    expect(stderr).not.toContain('hunter2-secret');
    const summary = await readFile(join(user.directory, 'logs', 'scan-summary.log'), 'utf8');
    expect(summary).not.toContain('hunter2-secret');
  });
});
