import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ErrorDocument, HostScanDocument } from '@scanner/core';
import {
  databaseMetadata,
  databasePath,
  type Engine,
  fakeTrivy,
  loadStandardImages,
  publishDatabaseArchive,
  realTrivy,
  startClassicEngine,
  startRegistry,
  temporaryDirectory,
  tinyFileSystem,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const run = promisify(execFile);
const SOMEBODY_ELSE = 65_534;
const SCAN = ['host', 'scan', '--json'];
/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

let database: PreparedDatabase;
let engine: Engine;
let whole: Environment;

beforeAll(async () => {
  [database, engine] = await Promise.all([prepareDatabase(), startClassicEngine()]);
  await loadStandardImages(engine);
  whole = { ...database.environment, TRIVY_PATH: await realTrivy(), DOCKER_HOST: engine.dockerHost };
});
afterAll(async () => {
  await engine.stop();
  await database[Symbol.asyncDispose]();
});

interface Complaint {
  readonly exitCode: number | null;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What a command complains of in its one document; on stderr people have to be told the same. */
const complaintOf = async (
  user: GtsUser,
  args: readonly string[] = SCAN,
  environment: Environment = {},
): Promise<Complaint> => {
  const { exitCode, stdout, stderr } = await user.gts(args, environment);
  const { error } = await readDocument(ErrorDocument, stdout);
  for (const line of `${error.message}\n${error.hint ?? ''}`.split('\n')) expect(stderr).toContain(line);
  return { exitCode, ...error };
};

/** Matches a text that holds all of these. */
const saying = (...parts: readonly string[]) =>
  expect.stringMatching(new RegExp(parts.map((part) => `(?=[^]*${RegExp.escape(part)})`).join('')));

const ALPINE = [...SCAN, '--image', 'registry.example/base/alpine'];

describe('a command line that cannot be meant', () => {
  it.each([
    { what: 'an unknown flag', args: [...SCAN, '--concurency', '2'], message: ['--concurency', '--concurrency'] },
    { what: 'a value too much', args: [...SCAN, 'nginx'], message: ['too many arguments'] },
    { what: 'an unknown command', args: ['host', 'scam', '--json'], message: ['scam'] },
    { what: 'an unknown log format', args: [...SCAN, '--log-format', 'xml'], message: ['xml', 'pretty', 'json'] },
  ])('is refused for $what', async ({ args, message }) => {
    await using user = await gtsUser(whole);
    expect(await complaintOf(user, args)).toEqual({
      exitCode: 2,
      code: 'usage',
      message: saying(...message),
      hint: saying('--help'),
    });
  });

  it.each([
    { setting: 'TRIVY_SEVERITY', args: ['--severity', 'HIGH,DREADFUL'], message: ['DREADFUL', 'CRITICAL'] },
    { setting: 'SCAN_CONCURRENCY', args: ['--concurrency', 'many'], message: ['many', '256'] },
    { setting: 'TRIVY_EXTRA_ARGS', args: ['--extra-trivy-args', '--output /etc/passwd'], message: ['--output'] },
    { setting: 'DOCKER_HOST', args: ['--docker-host', 'gopher://x'], message: ['gopher://x', 'unix'] },
  ])('is refused for a wrong $setting', async ({ setting, args, message }) => {
    await using user = await gtsUser(whole);
    expect(await complaintOf(user, [...SCAN, ...args])).toMatchObject({
      exitCode: 2,
      code: 'setting_invalid',
      message: saying(setting, ...message),
    });
  });

  it('is told one line for each setting that is wrong', async () => {
    await using user = await gtsUser({ ...whole, TRIVY_DB_MAX_AGE: 'old' });
    const { message } = await complaintOf(user, [...SCAN, '--concurrency', 'many', '--timeout', '0']);
    for (const setting of ['SCAN_CONCURRENCY', 'SCAN_TIMEOUT_SECONDS', 'TRIVY_DB_MAX_AGE'])
      expect(message.split('\n').filter((line) => line.includes(setting))).toHaveLength(1);
  });
});

describe('an image that is not there', () => {
  it('fails by name while the others are scanned', async () => {
    await using user = await gtsUser(whole);
    const ended = await user.gts([...ALPINE, '--image', 'nginx:1.27']);
    expect(ended.exitCode).toBe(3);
    const { images, totals } = await readDocument(HostScanDocument, ended.stdout);
    expect(totals).toMatchObject({ images: 2, scanned: 1, failed: 1 });
    expect(images.find(({ status }) => status === 'failed')).toMatchObject({
      references: ['nginx:1.27'],
      reason: { code: 'not_found', message: saying('no image of this engine matches') },
    });
    const told = await user.gts(['host', 'scan', '--image', 'nginx:1.27']);
    expect(told).toMatchObject({ exitCode: 3, stdout: saying('nginx:1.27', 'no image of this engine matches') });
  });
});

describe('an ignore list that cannot be read', () => {
  const unreadable = (path: string) => ({
    exitCode: 2,
    code: 'ignore_file_unreadable',
    message: saying(path),
    hint: saying('IGNORE_FILE', 'permissions'),
  });

  it('ends the start when it was asked for and is missing', async () => {
    await using user = await gtsUser({ ...whole, IGNORE_FILE: 'lists/missing.txt' });
    expect(await complaintOf(user)).toEqual(unreadable(join(user.workingDirectory, 'lists/missing.txt')));
  });

  it('ends the start when this user may not read it', async () => {
    await using user = await gtsUser(whole, { bound: true });
    const path = join(user.workingDirectory, 'secret.txt');
    await writeFile(path, 'alpine', { mode: 0o600 });
    await chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE);
    expect(await complaintOf(user, SCAN, { IGNORE_FILE: path })).toEqual(unreadable(path));
  });

  it('ends the start when it leads in a circle, though it was not asked for', async () => {
    await using user = await gtsUser(whole);
    await mkdir(user.directory);
    const path = join(user.directory, 'ignore-images.txt');
    await symlink(path, path);
    expect(await complaintOf(user)).toEqual(unreadable(path));
  });
});

describe('a directory that cannot be used', () => {
  it('is named when a file is in its place', async () => {
    await using user = await gtsUser(whole);
    await writeFile(user.directory, 'mine');
    expect(await complaintOf(user)).toMatchObject({
      exitCode: 4,
      code: 'directory_unusable',
      message: saying(user.directory),
      hint: saying('another directory'),
    });
  });

  it('is named when its file system is read-only', async () => {
    await using user = await gtsUser(whole);
    await using mounted = await tinyFileSystem(1);
    await run('mount', ['-o', 'remount,ro', mounted.path]);
    const directory = join(mounted.path, 'security');
    expect(await complaintOf(user, [...SCAN, '--dir', directory])).toMatchObject({
      exitCode: 4,
      code: 'directory_unusable',
      message: saying(directory, 'read-only'),
      hint: saying('another directory'),
    });
  });

  it('is named with both users when it belongs to somebody else', async () => {
    await using user = await gtsUser(whole, { bound: true });
    await mkdir(user.directory, { mode: 0o755 });
    await chown(user.directory, SOMEBODY_ELSE, SOMEBODY_ELSE);
    expect(await complaintOf(user)).toMatchObject({
      exitCode: 4,
      code: 'directory_unusable',
      message: saying(user.directory, `${SOMEBODY_ELSE}:${SOMEBODY_ELSE}`, '0:0'),
    });
  });

  it('loses nothing when its disk is full, and is used again when there is space', async () => {
    await using user = await gtsUser(whole);
    await using mounted = await tinyFileSystem(8);
    const inDirectory = [...SCAN, '--dir', join(mounted.path, 'security')];
    const before = await user.gts([...inDirectory, '--image', 'registry.example/base/alpine']);
    expect(before.exitCode).toBe(0);

    const filler = join(mounted.path, 'filler');
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => undefined);
    const full = await user.gts(inDirectory);
    expect(full.exitCode).toBe(4);
    const { error } = await readDocument(ErrorDocument, full.stdout);
    expect(error).toMatchObject({ code: 'disk_full', message: saying(mounted.path), hint: saying('space') });

    await rm(filler);
    const after = await user.gts(inDirectory);
    expect(after.exitCode).toBe(0);
    expect((await readDocument(HostScanDocument, after.stdout)).totals).toMatchObject({ reused: 1, failed: 0 });
  });
});

describe('a Trivy that must not or cannot be used', () => {
  it.each([
    { version: '0.69.5', why: 'compromise', what: 'of a compromised release' },
    { version: '0.50.0', why: '0.57.1', what: 'too old' },
  ])('is refused when it is $what', async ({ version, why }) => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'crash' }, version });
    await using user = await gtsUser({ ...whole, TRIVY_PATH: trivy.path });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'trivy_refused',
      message: saying(version, trivy.path, why),
      hint: saying('gts trivy install'),
    });
    const asked = (await trivy.calls()).map(({ args }) => args.join(' '));
    expect(asked.filter((words) => !words.includes('version'))).toEqual([]);
  });

  it('is named when it is not executable', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'trivy');
    await writeFile(path, '#!/bin/sh\n', { mode: 0o644 });
    await using user = await gtsUser({ ...whole, TRIVY_PATH: path });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'trivy_not_executable',
      message: saying(path),
      hint: saying('chmod +x'),
    });
  });

  it('is missed where there is none', async () => {
    await using user = await gtsUser({ ...whole, TRIVY_PATH: undefined });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'trivy_missing',
      message: saying('no Trivy', user.cache),
      hint: saying('gts trivy install'),
    });
  });

  it('fails an image when it crashes on it, and shows nothing as found', async () => {
    await using user = await gtsUser(whole);
    await user.gts(ALPINE);
    await using trivy = await fakeTrivy({ behaviour: { kind: 'crash' } });
    const ended = await user.gts([...SCAN, '--image', 'registry.example/base/debian'], { TRIVY_PATH: trivy.path });
    expect(ended.exitCode).toBe(3);
    const { images } = await readDocument(HostScanDocument, ended.stdout);
    expect(images).toMatchObject([{ status: 'failed', reason: { code: 'crashed' }, findings: [], coverage: null }]);
  });
});

describe('a vulnerability database that cannot be had', () => {
  const DAY_MS = 86_400_000;

  /** Puts a database of some days ago where one is put by hand. */
  const putDatabase = async (user: GtsUser, days: number): Promise<string> => {
    const directory = join(user.directory, 'cache', 'db');
    await mkdir(directory, { recursive: true });
    const metadata = databaseMetadata({ updatedAt: new Date(Date.now() - days * DAY_MS) });
    await writeFile(join(directory, 'metadata.json'), JSON.stringify(metadata));
    await copyFile(databasePath(1), join(directory, 'trivy.db'));
    return directory;
  };

  it('ends the pass when what is published is damaged and there is no older one', async () => {
    await using registry = await startRegistry();
    await publishDatabaseArchive(registry, Buffer.from('this is no archive'));
    const repository = `${registry.host}/trivy-db:2`;
    await using user = await gtsUser({ ...whole, TRIVY_DB_REPOSITORY: repository });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'database_unavailable',
      message: saying(repository),
      hint: saying('another mirror', '--skip-db-update'),
    });
  });

  it('ends the pass when there is none and every mirror is out of reach', async () => {
    const mirrors = [`${NOWHERE}/trivy-db:2`, `${NOWHERE}/other-db:2`];
    await using user = await gtsUser({ ...whole, TRIVY_DB_REPOSITORY: mirrors.join(',') });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'database_unavailable',
      message: saying(...mirrors),
      hint: saying(...mirrors, '--skip-db-update'),
    });
  });

  it('ends the pass when the one that was put there is damaged', async () => {
    await using user = await gtsUser(whole);
    const directory = await putDatabase(user, 0);
    await writeFile(join(directory, 'trivy.db'), 'this is no database');
    expect(await complaintOf(user, [...SCAN, '--skip-db-update'])).toMatchObject({
      exitCode: 4,
      code: 'database_corrupt',
      message: saying(directory),
    });
  });

  it('ends the pass when the old one is too old and no mirror has a newer one', async () => {
    await using user = await gtsUser({ ...whole, TRIVY_DB_REPOSITORY: `${NOWHERE}/trivy-db:2` });
    await putDatabase(user, 8);
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'database_too_old',
      message: saying('7 days', NOWHERE),
      hint: saying('--skip-db-update'),
    });
  });

  it('is done without while the old one may still be used, which is said', async () => {
    await using user = await gtsUser({ ...whole, TRIVY_DB_REPOSITORY: `${NOWHERE}/trivy-db:2` });
    await putDatabase(user, 2);
    const ended = await user.gts(ALPINE);
    expect(ended).toMatchObject({ exitCode: 0, stderr: saying('warning', 'not updated', NOWHERE) });
    expect(await readDocument(HostScanDocument, ended.stdout)).toMatchObject({ trivy: { db_stale: false } });
  });

  it('ends the pass when updates are switched off and nothing was put there', async () => {
    await using user = await gtsUser(whole);
    expect(await complaintOf(user, [...SCAN, '--skip-db-update'])).toMatchObject({
      exitCode: 4,
      code: 'database_unavailable',
      message: saying(join(user.directory, 'cache')),
    });
  });
});

describe('an engine that cannot be asked', () => {
  it('is named when nothing answers, and no demonstration takes its place', async () => {
    await using user = await gtsUser({ ...whole, DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(await complaintOf(user)).toEqual({
      exitCode: 4,
      code: 'engine_unreachable',
      message: saying('/nowhere/docker.sock'),
      hint: saying('--docker-host'),
    });
  });

  it('is named when this user may not use its socket', async () => {
    const socket = new URL(engine.dockerHost).pathname;
    await using user = await gtsUser(whole, { bound: true });
    await chmod(socket, 0o600);
    await chown(socket, SOMEBODY_ELSE, SOMEBODY_ELSE);
    try {
      expect(await complaintOf(user)).toEqual({
        exitCode: 4,
        code: 'engine_forbidden',
        message: saying(socket),
        hint: saying(`user ${SOMEBODY_ELSE}`),
      });
    } finally {
      await chown(socket, 0, 0);
    }
  });
});
