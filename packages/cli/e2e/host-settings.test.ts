import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HostScanDocument, type ImageReport } from '@scanner/core';
import { type Engine, loadStandardImages, startClassicEngine } from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { type WatchedTrivy, watchTrivy } from './support/watched-trivy.ts';

const SCAN = ['host', 'scan', '--json'];
const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'];
const ONLY_ALPINE = ['--image', ALPINE];

let database: PreparedDatabase;
let engine: Engine;
let trivy: WatchedTrivy;
let user: GtsUser;

beforeAll(async () => {
  [database, engine, trivy] = await Promise.all([prepareDatabase(), startClassicEngine(), watchTrivy()]);
  await loadStandardImages(engine);
});
afterAll(async () => {
  await engine.stop();
  await trivy[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  user = await gtsUser({ ...database.environment, TRIVY_PATH: trivy.path, DOCKER_HOST: engine.dockerHost });
});
afterEach(() => user[Symbol.asyncDispose]());

const scan = async (args: readonly string[] = [], environment: Environment = {}): Promise<HostScanDocument> =>
  readDocument(HostScanDocument, (await user.gts([...SCAN, ...args], environment)).stdout);

const referencesOf = (images: readonly ImageReport[], status: ImageReport['status']): string[] =>
  images.filter((image) => image.status === status).flatMap(({ references }) => references);

describe('the ignore list', () => {
  it('leaves out what a file names, by wildcard or by every tag, and keeps the other references of an image', async () => {
    await mkdir(user.directory);
    const lines = ['# not ours', 'registry.example/legacy/*', 'registry.example/base/alpine', WEB[1], ''];
    await writeFile(join(user.directory, 'ignore-images.txt'), lines.join('\n'));
    const { images } = await scan([], { IGNORE_IMAGES: DEBIAN });
    const ignored = images.filter(({ reason }) => reason?.code === 'ignored');
    expect(ignored.flatMap(({ references }) => references).toSorted()).toEqual([
      ALPINE,
      'registry.example/legacy/alpine:3.10',
      'registry.example/legacy/fedora:43',
    ]);
    const scanned = referencesOf(images, 'complete');
    expect(scanned).toContain(WEB[0]);
    expect(scanned).not.toContain(WEB[1]);
    expect(scanned).toContain(DEBIAN);
  });

  it('comes from the variable where there is no file, and holds for images that are named too', async () => {
    const named = ['--image', 'registry.example/base/*', '--image', WEB[0]!];
    const { images } = await scan(named, { IGNORE_IMAGES: `${ALPINE},*almalinux*` });
    expect(referencesOf(images, 'complete').toSorted()).toEqual([DEBIAN, ...WEB]);
    expect(referencesOf(images, 'skipped').toSorted()).toEqual(['registry.example/base/almalinux:8', ALPINE]);
  });
});

describe('severities', () => {
  it('are another view of the same results, without a new scan', async () => {
    const usual = await scan(ONLY_ALPINE);
    expect(usual.filter.severities.toSorted()).toEqual(['CRITICAL', 'HIGH']);
    const scansBefore = await trivy.scans();
    const all = await scan([...ONLY_ALPINE, '--severity', 'unknown,low,medium,high,critical']);
    const lower = await scan(ONLY_ALPINE, { TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM' });
    expect(await trivy.scans()).toEqual(scansBefore);
    const keys = ({ images }: HostScanDocument) => images.flatMap(({ findings }) => findings.map(({ key }) => key));
    expect(keys(all)).toHaveLength(6);
    expect([...keys(usual), ...keys(lower)].toSorted()).toEqual(keys(all).toSorted());
    expect(keys(usual).length * keys(lower).length).toBeGreaterThan(0);
    for (const { images } of [usual, all, lower])
      for (const { counts, findings } of images)
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(findings.length);
  });
});

describe('more flags for Trivy', () => {
  it('reach it, and their results stand for them alone', async () => {
    const web = ['--image', WEB[0]!];
    expect((await scan(web)).totals).toMatchObject({ scanned: 1 });
    const without = await scan([...web, '--extra-trivy-args', '--pkg-types os']);
    expect(without.filter.extra_args).toEqual(['--pkg-types=os']);
    expect((await trivy.scans()).at(-1)).toContain('--pkg-types=os');
    expect(without.totals).toMatchObject({ scanned: 1, reused: 0 });
    expect(without.images.flatMap(({ findings }) => findings.filter(({ path }) => path !== null))).toEqual([]);
    expect((await scan(web)).totals).toMatchObject({ scanned: 0, reused: 1 });
  });
});

describe('a setting', () => {
  it('is taken from the flag, else the environment, else the secrets, else .env, and each that loses is named', async () => {
    await mkdir(join(user.directory, 'secrets'), { recursive: true });
    const severities = async (args: readonly string[], environment: Environment): Promise<unknown> => {
      const { stdout, stderr } = await user.gts([...SCAN, ...ONLY_ALPINE, ...args], environment);
      const { filter } = await readDocument(HostScanDocument, stdout);
      return { severities: filter.severities, warned: stderr.includes('warning: TRIVY_SEVERITY') };
    };
    expect(await severities([], {})).toEqual({ severities: ['CRITICAL', 'HIGH'], warned: false });
    await writeFile(join(user.directory, '.env'), 'TRIVY_SEVERITY="UNKNOWN"\n');
    expect(await severities([], {})).toEqual({ severities: ['UNKNOWN'], warned: false });
    await writeFile(join(user.directory, 'secrets', 'TRIVY_SEVERITY'), 'LOW\n');
    expect(await severities([], {})).toEqual({ severities: ['LOW'], warned: true });
    const fromEnvironment = { TRIVY_SEVERITY: 'MEDIUM' };
    expect(await severities([], fromEnvironment)).toEqual({ severities: ['MEDIUM'], warned: true });
    const fromFlag = ['--severity', 'CRITICAL'];
    expect(await severities(fromFlag, fromEnvironment)).toEqual({ severities: ['CRITICAL'], warned: true });
  });

  it('may put every directory elsewhere', async () => {
    const elsewhere = join(user.workingDirectory, 'elsewhere');
    await scan([...ONLY_ALPINE, '--dir', elsewhere], { LOG_DIR: join(elsewhere, 'other-logs') });
    expect((await readdir(elsewhere)).toSorted()).toEqual(['cache', 'other-logs', 'state']);
    expect(await readdir(user.workingDirectory)).toEqual(['elsewhere']);
  });
});

describe('what is printed', () => {
  it('is a table for people, with the totals before the images', async () => {
    const { exitCode, stdout, stderr } = await user.gts(['host', 'scan']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n', 1)[0]).toMatch(/11 images/);
    expect(stdout).toContain(WEB[0]);
    expect(stderr).toContain(join(user.directory, 'logs'));
  });

  it('has no colours where there is no terminal or none are wanted, and nothing that moves a cursor', async () => {
    const { stdout, stderr } = await user.gts(['host', 'scan', '--verbose'], { NO_COLOR: '1' });
    expect(stdout + stderr).not.toContain('\u001B');
  });

  it('is the result alone when it is to be quiet', async () => {
    expect(await user.gts(['host', 'scan', '--quiet'])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each(['--verbose', '--json'])(
    'is one JSON object a line on stderr with --log-format json and %s',
    async (option) => {
      const { exitCode, stderr } = await user.gts(['host', 'scan', '--log-format', 'json', option]);
      expect(exitCode).toBe(0);
      const lines = stderr.split('\n').filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines)
        expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), message: expect.any(String) });
    },
  );

  it('is one JSON object a line on stderr for errors too', async () => {
    const { exitCode, stderr } = await user.gts(['host', 'scan', '--log-format', 'json', '--severity', 'NONE']);
    expect(exitCode).toBe(2);
    for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('message');
  });
});
