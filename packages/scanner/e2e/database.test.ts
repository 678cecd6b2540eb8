import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, readlink, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { silentLog, systemClock } from '@scanner/core';
import { InMemoryLockKeeper } from '@scanner/core/testing';
import {
  databaseArchive,
  databaseFile,
  databaseMetadata,
  placeDatabase,
  publishDatabase,
  publishDatabaseArchive,
  publishJavaDatabase,
  realTrivy,
  type Registry,
  startRegistry,
  tarOf,
  temporaryDirectory,
  tinyFileSystem,
  waitUntil,
} from '@scanner/testing';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Session } from '../src/trivy/session.ts';
import type { DatabaseGeneration } from '../src/database/generation.ts';
import { VulnerabilityDatabase, type VulnerabilityDatabaseOptions } from '../src/database/vulnerability-database.ts';
import { listProcessIds } from '../src/trivy/process-group.ts';
import { type Behaviour, type Mirror, startMirror } from './mirror.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds);

let trivyPath: string;
let registry: Registry;
let older: Registry;

beforeAll(async () => {
  trivyPath = await realTrivy();
  registry = await startRegistry();
  older = await startRegistry();
  await publishDatabase(registry, 2, { updatedAt: ago(HOUR_MS) });
  await publishJavaDatabase(registry);
  await publishDatabase(older, 1, { updatedAt: ago(2 * DAY_MS) });
});

afterAll(async () => {
  await registry.stop();
  await older.stop();
});

const openDatabase = (
  cacheDir: string,
  mirrors: readonly (Mirror | string)[],
  options: Partial<VulnerabilityDatabaseOptions> = {},
): VulnerabilityDatabase =>
  new VulnerabilityDatabase({
    cacheDir,
    trivyPath,
    repositories: mirrors.map((mirror) => (typeof mirror === 'string' ? mirror : mirror.repository)),
    locks: new InMemoryLockKeeper(),
    log: silentLog,
    clock: systemClock,
    trivyEnvironment: {},
    ...options,
  });

/** Puts a database there as an administrator would. */
const putByHand = (cacheDir: string, generation: 1 | 2, updatedAt: Date): Promise<void> =>
  placeDatabase(cacheDir, generation, { updatedAt });

const unfinished = async (cacheDir: string): Promise<string[]> =>
  (await readdir(join(cacheDir, 'generations'))).filter((name) => name.startsWith('.new-'));

describe('updating the vulnerability database', () => {
  it('downloads it once and leaves it alone until its next update is due', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    const database = openDatabase(cache.path, [mirror]);

    const first = await database.update();
    const second = await database.update();

    expect(first).toMatchObject({ updated: true, stale: false, warnings: [], generation: { origin: 'downloaded' } });
    expect(first.generation.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(second).toMatchObject({ updated: false, generation: { id: first.generation.id } });
    expect(mirror.downloads).toBe(1);
    expect(await readFile(join(cache.path, 'db/trivy.db'))).toEqual(await databaseFile(2));
    expect(await unfinished(cache.path)).toEqual([]);
  });

  it('switches to a newer one and keeps the one before', async () => {
    await using cache = await temporaryDirectory();
    await using newMirror = await startMirror(registry);
    await using oldMirror = await startMirror(older);
    const clock = { ...systemClock, now: () => ago(2 * DAY_MS - HOUR_MS) };
    const first = await openDatabase(cache.path, [oldMirror], { clock }).update();

    const later = openDatabase(cache.path, [newMirror], { clock: { ...clock, now: () => ago(-2 * HOUR_MS) } });
    const second = await later.update();

    expect(second).toMatchObject({ updated: true, warnings: [] });
    expect(second.generation.id).not.toBe(first.generation.id);
    expect(await readdir(first.generation.directory)).toContain('trivy.db');
    expect(await later.current()).toEqual(second.generation);
  });
});

describe('a mirror that has nothing newer', () => {
  it('gives way to one that has, and else is left alone for an hour', async () => {
    await using cache = await temporaryDirectory();
    await using lagging = await startMirror(older);
    await using good = await startMirror(registry);
    const first = await openDatabase(cache.path, [lagging]).update();
    const afterPause = { clock: { ...systemClock, now: () => ago(-HOUR_MS - 60_000) } };

    expect(await openDatabase(cache.path, [lagging]).update()).toMatchObject({ updated: false });
    expect(lagging.downloads).toBe(1);

    const again = await openDatabase(cache.path, [lagging], afterPause).update();
    expect(again).toMatchObject({ updated: false, warnings: [], generation: { id: first.generation.id } });
    expect(lagging.downloads).toBe(2);

    const newer = await openDatabase(cache.path, [lagging, good], afterPause).update();
    expect(newer.updated).toBe(true);
    expect(good.downloads).toBe(1);
  });
});

describe('a mirror that stands still', () => {
  it('has its old database used as the old one that it is, at first and ever after', async () => {
    await using cache = await temporaryDirectory();
    await using frozen = await startMirror(older);
    const database = openDatabase(cache.path, [frozen], { maxAgeMs: DAY_MS });
    const asOld = { stale: true, warnings: [expect.stringContaining('is old: it is of')] };

    expect(await database.update()).toMatchObject({ updated: true, ...asOld });
    expect(await database.update()).toMatchObject({ updated: false, ...asOld });
  });
});

const worse: readonly { readonly title: string; readonly behaviour: Behaviour; readonly says: RegExp }[] = [
  { title: 'does not know it', behaviour: { status: 404, code: 'MANIFEST_UNKNOWN' }, says: /has no such database/ },
  { title: 'refuses access', behaviour: { status: 401, code: 'UNAUTHORIZED' }, says: /refuses access/ },
  { title: 'limits its rate', behaviour: { status: 429, code: 'TOOMANYREQUESTS' }, says: /limits how often/ },
  { title: 'fails', behaviour: { status: 500, code: 'UNKNOWN' }, says: /it fails/ },
  { title: 'is a web page', behaviour: 'portal', says: /not a usable database/ },
  { title: 'stalls', behaviour: 'stalling', says: /took too long \(it sent nothing for 5 s\)/ },
  { title: 'breaks off', behaviour: 'truncating', says: /cannot be reached/ },
  { title: 'sends something else', behaviour: 'tampering', says: /not a usable database/ },
];

describe('a mirror that cannot be used', () => {
  it.each(worse)('gives way to the next when it $title', async ({ behaviour, says }) => {
    await using cache = await temporaryDirectory();
    await using bad = await startMirror(registry, behaviour);
    await using good = await startMirror(registry);

    // Longer than Trivy pauses between its own retries.
    const limits = { stallMs: 5000 };
    const update = await openDatabase(cache.path, [bad, good], { limits }).update();

    expect(update.updated).toBe(true);
    expect(update.warnings).toHaveLength(1);
    expect(update.warnings[0]).toMatch(says);
    expect(update.warnings[0]).toContain(bad.repository);
    expect(good.downloads).toBe(1);
  });

  it('gives way to the next when nobody listens there', async () => {
    await using cache = await temporaryDirectory();
    await using good = await startMirror(registry);
    const update = await openDatabase(cache.path, ['127.0.0.1:9/trivy-db', good]).update();
    expect(update.updated).toBe(true);
    expect(update.warnings[0]).toMatch(/^127\.0\.0\.1:9\/trivy-db: it cannot be reached/);
  });
});

describe('an update that fails', () => {
  const nobody = ['127.0.0.1:9/trivy-db', '127.0.0.1:10/trivy-db'];

  it('keeps the old database and names every mirror', async () => {
    await using cache = await temporaryDirectory();
    await putByHand(cache.path, 1, ago(2 * DAY_MS));
    const update = await openDatabase(cache.path, nobody).update();
    expect(update).toMatchObject({ updated: false, stale: false, generation: { origin: 'by_hand' } });
    expect(update.warnings).toHaveLength(1);
    for (const mirror of nobody) expect(update.warnings[0]).toContain(mirror);
    expect(await unfinished(cache.path)).toEqual([]);
  });

  it('ends the run when there is none, saying where to get one and where to put it', async () => {
    await using cache = await temporaryDirectory();
    const failing = openDatabase(cache.path, nobody).update();
    await expect(failing).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('127.0.0.1:10/trivy-db') as string,
      hint: expect.stringContaining(`${cache.path}/db and use --skip-db-update`) as string,
    });
  });

  it('ends the run when the old one is older than it may be', async () => {
    await using cache = await temporaryDirectory();
    await putByHand(cache.path, 1, ago(8 * DAY_MS));
    await expect(openDatabase(cache.path, nobody).update()).rejects.toMatchObject({
      code: 'database_too_old',
      hint: expect.stringContaining('--skip-db-update') as string,
    });
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry, 'stalling');
    const stop = new AbortController();
    const database = openDatabase(cache.path, [mirror]);
    await expect(
      database.update({ signal: stop.signal, onProgress: () => mirror.downloads > 0 && stop.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
    expect(await unfinished(cache.path)).toEqual([]);
  });

  it('keeps the old database on a full disk', async () => {
    await using disk = await tinyFileSystem(1);
    await using mirror = await startMirror(registry);
    await putByHand(disk.path, 1, ago(2 * DAY_MS));
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(760 * 1024));
    const update = await openDatabase(disk.path, [mirror]).update();
    expect(update).toMatchObject({ updated: false, generation: { origin: 'by_hand' } });
    expect(update.warnings[0]).toMatch(/the disk is full/);
    expect(await unfinished(disk.path)).toEqual([]);
  });

  it('ends the run on a full disk when there is no old one', async () => {
    await using disk = await tinyFileSystem(1);
    await using mirror = await startMirror(registry);
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(900 * 1024));
    await expect(openDatabase(disk.path, [mirror]).update()).rejects.toMatchObject({ code: 'disk_full' });
  });
});

describe('what a mirror may not do', () => {
  it('cannot bring an older database back: the next one is asked', async () => {
    await using cache = await temporaryDirectory();
    await using lagging = await startMirror(older);
    await using good = await startMirror(registry);
    await putByHand(cache.path, 1, ago(DAY_MS + HOUR_MS));
    const update = await openDatabase(cache.path, [lagging, good]).update();
    expect(update.updated).toBe(true);
    expect(update.warnings[0]).toMatch(/what it has is not newer/);
    expect(await readFile(join(cache.path, 'db/trivy.db'))).toEqual(await databaseFile(2));
  });

  it('cannot replace the old database by a far smaller one', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    await putByHand(cache.path, 1, ago(2 * DAY_MS));
    await truncate(join(cache.path, 'db/trivy.db'), 1024 * 1024);
    const update = await openDatabase(cache.path, [mirror]).update();
    expect(update).toMatchObject({ updated: false, generation: { origin: 'by_hand' } });
    expect(update.warnings[0]).toMatch(/suspicious/);
  });

  it.each([
    ['no database at all', async () => gzipSync(await tarOf({ 'README.md': 'nothing here' }))],
    ['a file that is none', async () => archiveOf(Buffer.alloc(200_000, 'x'))],
    ['a header and garbage', async () => archiveOf((await databaseFile(2)).fill(0xa5, 3 * 4096))],
    ['one that was cut off', async () => archiveOf((await databaseFile(2)).subarray(0, 3 * 4096))],
    ['one from the future', async () => databaseArchive(2, { updatedAt: ago(-30 * DAY_MS) })],
  ])('cannot slip in %s', async (_, contents) => {
    await using cache = await temporaryDirectory();
    await using source = await startRegistry();
    await publishDatabaseArchive(source, await contents());
    await putByHand(cache.path, 1, ago(2 * DAY_MS));
    const update = await openDatabase(cache.path, [`${source.host}/trivy-db`]).update();
    expect(update).toMatchObject({ updated: false, generation: { origin: 'by_hand' } });
    expect(update.warnings[0]).toMatch(/usable database|suspicious/);
    expect(await readFile(join(cache.path, 'db/trivy.db'))).toEqual(await databaseFile(1));
  });
});

const archiveOf = async (database: Buffer): Promise<Buffer> =>
  gzipSync(
    await tarOf({ 'metadata.json': JSON.stringify(databaseMetadata({ updatedAt: new Date() })), 'trivy.db': database }),
  );

describe('a database that was put there by hand', () => {
  it('is used as it lies when updates are skipped, however old', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    await putByHand(cache.path, 1, ago(30 * DAY_MS));
    const update = await openDatabase(cache.path, [mirror]).update({ skip: true });
    expect(update).toMatchObject({ stale: true, updated: false, generation: { origin: 'by_hand' } });
    expect(update.warnings[0]).toMatch(/is old/);
    expect(mirror.downloads).toBe(0);
    expect(await readdir(cache.path)).toEqual(['db']);
  });

  it('moves aside for a newer one and can still be used by scans that have it', async () => {
    await using cache = await temporaryDirectory();
    await using work = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    await putByHand(cache.path, 1, ago(2 * DAY_MS));
    const database = openDatabase(cache.path, [mirror]);
    const before = await database.current();
    await using session = await openSession(work.path, before!, null);

    const { generation } = await database.update();

    expect(generation.origin).toBe('downloaded');
    expect(await readlink(join(cache.path, 'db'))).toMatch(/^generations\/db-[^/]+\/db$/);
    expect(await readFile(join(session.cacheDirectory, 'db/trivy.db'))).toEqual(await databaseFile(1));
    expect((await readdir(join(cache.path, 'generations'))).filter((name) => name.startsWith('db-'))).toHaveLength(2);
  });
});

const openSession = (
  workDirectory: string,
  vulnerabilities: DatabaseGeneration,
  java: DatabaseGeneration | null,
): Promise<Session> =>
  Session.open(
    workDirectory,
    { vulnerabilities: vulnerabilities.directory, java: java?.directory ?? null, writable: false },
    new InMemoryLockKeeper(),
  );

describe('several processes at once', () => {
  const update = (
    cacheDir: string,
    mirror: Mirror,
  ): { pid: number; output: Promise<string>; ended: Promise<unknown> } => {
    const child = spawn(
      process.execPath,
      [
        '--conditions=@scanner/source',
        fileURLToPath(new URL('./update-process.ts', import.meta.url)),
        JSON.stringify({ cacheDir, trivyPath, repositories: [mirror.repository] }),
      ],
      { env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    return { pid: child.pid!, output: text(child.stdout), ended: once(child, 'exit') };
  };

  it('download it once', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    const outputs = await Promise.all(
      [update(cache.path, mirror), update(cache.path, mirror)].map((run) => run.output),
    );
    expect(outputs.toSorted()).toEqual(['{"updated":false}', '{"updated":true}']);
    expect(mirror.downloads).toBe(1);
  });

  it('leave the old one in use when one is killed, and the next cleans up after it', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry, 'stalling');
    await putByHand(cache.path, 1, ago(2 * DAY_MS));
    const killed = update(cache.path, mirror);
    await waitUntil(() => (mirror.downloads > 0 ? true : undefined), { what: 'a download', timeoutMs: 30_000 });
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    const [leftover] = await unfinished(cache.path);
    const database = openDatabase(cache.path, [mirror]);
    expect(await database.current()).toMatchObject({ origin: 'by_hand' });
    expect(await processesIn(join(cache.path, 'generations', leftover!))).toHaveLength(1);

    mirror.behaviour = 'good';
    expect(await database.update()).toMatchObject({ updated: true });

    expect(await unfinished(cache.path)).toEqual([]);
    expect(await processesIn(join(cache.path, 'generations', leftover!))).toEqual([]);
  });
});

const processesIn = async (directory: string): Promise<number[]> => {
  const working = await Promise.all(
    listProcessIds().map(async (pid) => ({ pid, at: await readlink(`/proc/${pid}/cwd`).catch(() => '') })),
  );
  return working.filter(({ at }) => at.startsWith(directory)).map(({ pid }) => pid);
};

describe('the Java database', () => {
  it('is kept like the other one, in its own place', async () => {
    await using cache = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    const database = openDatabase(cache.path, [mirror], { javaRepositories: [mirror.javaRepository] });
    expect(await database.currentJava()).toBeNull();
    const update = await database.updateJava();
    expect(update).toMatchObject({ updated: true, warnings: [], generation: { origin: 'downloaded', version: 1 } });
    expect(await database.currentJava()).toEqual(update.generation);
    expect(await database.current()).toBeNull();
    expect(await database.updateJava()).toMatchObject({ updated: false });
    expect(await readlink(join(cache.path, 'java-db'))).toMatch(/^generations\/java-db-/);
  });

  it('may be missing', async () => {
    await using cache = await temporaryDirectory();
    const update = await openDatabase(cache.path, [], { javaRepositories: ['127.0.0.1:9/trivy-java-db'] }).updateJava();
    expect(update.generation).toBeNull();
    expect(update.warnings[0]).toMatch(/no Java database.*127\.0\.0\.1:9/);
  });
});

describe('scanning with it', () => {
  const SUBJECT = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    components: [{ type: 'operating-system', name: 'debian', version: '12' }],
  };

  it('changes nothing in a generation, which may be read-only', async () => {
    await using cache = await temporaryDirectory();
    await using work = await temporaryDirectory();
    await using mirror = await startMirror(registry);
    const database = openDatabase(cache.path, [mirror], { javaRepositories: [mirror.javaRepository] });
    const { generation: vulnerabilities } = await database.update();
    const { generation: java } = await database.updateJava();
    const files = [vulnerabilities, java!].flatMap(({ directory, kind }) => [
      join(directory, kind.file),
      join(directory, 'metadata.json'),
    ]);
    for (const file of files) {
      await chmod(file, 0o444);
      await utimes(file, 1, 1);
    }

    await using session = await openSession(work.path, vulnerabilities, java);
    await writeFile(join(work.path, 'subject.json'), JSON.stringify(SUBJECT));
    await execa(trivyPath, [
      ...['sbom', '--cache-dir', session.cacheDirectory, '--skip-db-update', '--skip-java-db-update'],
      ...['--offline-scan', '--scanners', 'vuln', '--format', 'json', join(work.path, 'subject.json')],
    ]);

    for (const file of files) expect(await stat(file)).toMatchObject({ mtimeMs: 1000, mode: 0o100444, nlink: 2 });
  });
});
