import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { CatalogueScanDocument, ErrorDocument, ToolDocument, TopDocument } from '@scanner/core';
import { temporaryDirectory, tinyFileSystem } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';
import { layToolsFile } from './support/tools-file.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const SOMEBODY_ELSE = 4321;

const SCANNED = {
  id: 'docker_hub:acme/shop',
  name: 'shop',
  namespace: 'acme',
  source: 'docker_hub',
  docker_tags: ['2.1'],
  security: {
    status: 'vulnerable',
    scanned_tag: '2.1',
    trivy_scan_date: '2026-11-01T00:00:00.000Z',
    vulnerabilities: { critical: 1, high: 2, medium: 0, low: 0, unknown: 0 },
  },
};

const toolsFileIn = (directory: string): string => join(directory, 'processed', 'tools.json');

/** A catalogue of one tool, as a command has left it. */
const layCatalogue = async (user: GtsUser, directory: string): Promise<void> => {
  await layToolsFile(toolsFileIn(directory), { tools: [SCANNED] });
  const { exitCode } = await user.gts(['top', '--data-dir', directory]);
  if (exitCode !== 0) throw new Error('the catalogue could not be made');
};

const remount = (path: string, how: 'ro' | 'rw') => run('mount', ['-o', `remount,${how}`, path]);

/** What every command that only reads says of that catalogue. */
const expectReadable = async (user: GtsUser, directory: string): Promise<Ended[]> => {
  const top = await user.gts(['top', '--data-dir', directory, '--json']);
  expect(top).toMatchObject({ exitCode: 0 });
  expect((await readDocument(TopDocument, top.stdout)).tools).toMatchObject([
    { id: SCANNED.id, tag: '2.1', counts: { critical: 1, high: 2 } },
  ]);
  const tool = await user.gts(['tool', 'acme/shop', '--data-dir', directory, '--json']);
  expect((await readDocument(ToolDocument, tool.stdout)).tool).toMatchObject({ docker_tags: ['2.1'] });
  const plan = await user.gts(['scan', '--dry-run', '--data-dir', directory, '--json']);
  expect((await readDocument(CatalogueScanDocument, plan.stdout)).tools).toMatchObject([
    { image_ref: 'acme/shop:2.1' },
  ]);
  return [top, tool, plan];
};

describe('a catalogue on a read-only file system', () => {
  it('is read, and why it is not kept up to date is said without a word of owners', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(4);
    const directory = join(mounted.path, 'data');
    await layCatalogue(user, directory);
    await remount(mounted.path, 'ro');
    for (const { stderr } of await expectReadable(user, directory)) {
      expect(stderr).toMatch(/warning: .*its file system is read-only/);
      expect(stderr).not.toMatch(/belongs to/);
    }
    const scrape = await user.gts(['scrape', '--namespaces', 'acme', '--data-dir', directory, '--json']);
    expect(scrape.exitCode).toBe(4);
    const { error } = await readDocument(ErrorDocument, scrape.stdout);
    expect(error).toMatchObject({ code: 'directory_unusable', message: expect.stringMatching(/read-only/) });
    expect(error.message).not.toMatch(/belongs to/);
  });

  it('is read where a killed process left results that are not in the file yet', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(8);
    await using elsewhere = await temporaryDirectory();
    const directory = join(mounted.path, 'data');
    await layCatalogue(user, elsewhere.path);
    await mkdir(directory);
    const store = new DatabaseSync(join(elsewhere.path, 'store.db'));
    store.exec(`PRAGMA wal_autocheckpoint=0; UPDATE tool SET fields = json_set(fields, '$.pull_count', 77)`);
    for (const name of ['store.db', 'store.db-wal', 'store.db-shm'])
      await copyFile(join(elsewhere.path, name), join(directory, name));
    store.close();
    await remount(mounted.path, 'ro');
    await expectReadable(user, directory);
    const { stdout } = await user.gts(['tool', 'acme/shop', '--data-dir', directory, '--json']);
    expect((await readDocument(ToolDocument, stdout)).tool.pull_count).toBe(77);
  });

  it('is what tools.json says where there is no store', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(4);
    await layToolsFile(toolsFileIn(mounted.path), { tools: [SCANNED] });
    await remount(mounted.path, 'ro');
    const [first] = await expectReadable(user, mounted.path);
    expect(first?.stderr).toMatch(/read-only/);
  });

  it('says that an edit of tools.json cannot be taken over', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(4);
    await layCatalogue(user, mounted.path);
    await layToolsFile(toolsFileIn(mounted.path), { tools: [{ ...SCANNED, docker_tags: ['3.0'] }] });
    await remount(mounted.path, 'ro');
    const [first] = await expectReadable(user, mounted.path);
    expect(first?.stderr).toMatch(/tools\.json was edited/);
  });
});

describe('a catalogue elsewhere', () => {
  it('is read on a full file system', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(2);
    await layCatalogue(user, mounted.path);
    await writeFile(join(mounted.path, 'filler'), Buffer.alloc(4 * 1024 ** 2)).catch(() => undefined);
    await expectReadable(user, mounted.path);
    const scrape = await user.gts(['scrape', '--namespaces', 'acme', '--data-dir', mounted.path], {
      DOCKERHUB_URL: 'http://127.0.0.1:9',
    });
    expect(scrape.exitCode).toBe(4);
  });

  it('is read where it is of somebody else', async () => {
    await using owner = await gtsUser();
    await using user = await gtsUser({}, { bound: true });
    await using mounted = await tinyFileSystem(4);
    await chmod(mounted.path, 0o755);
    const directory = join(mounted.path, 'data');
    await layCatalogue(owner, directory);
    const entries = await readdir(directory, { recursive: true });
    for (const path of [directory, ...entries.map((name) => join(directory, name))]) {
      await chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE);
      await chmod(path, path.includes('.') ? 0o644 : 0o755);
    }
    const [first] = await expectReadable(user, directory);
    expect(first?.stderr).toMatch(/belongs to 4321:4321/);
  });
});

describe('the baselines of a host on a read-only file system', () => {
  it('are listed, shown and compared', async () => {
    await using user = await gtsUser();
    await using mounted = await tinyFileSystem(4);
    await mkdir(join(mounted.path, 'state'));
    await mkdir(join(mounted.path, 'snapshots'));
    const results = new DatabaseSync(join(mounted.path, 'state', 'results.db'));
    results.close();
    expect((await user.gts(['baseline', 'list', '--dir', mounted.path])).exitCode).toBe(0);
    await remount(mounted.path, 'ro');
    for (const command of ['list', 'show', 'diff']) {
      const { exitCode, stderr } = await user.gts(['baseline', command, '--dir', mounted.path]);
      expect([exitCode, stderr.includes('error[')]).toEqual([0, false]);
    }
  });
});

describe('what is wrong is told as what it is', () => {
  it('where so few files may be open that the store cannot be opened', async () => {
    await using user = await gtsUser();
    await layCatalogue(user, join(user.workingDirectory, 'data'));
    const said = new Set<string>();
    for (const files of [23, 24, 25, 26, 27]) {
      const line = `ulimit -n ${files}; exec "$NODE" "$GTS" top --json`;
      const { stdout } = await run('/bin/sh', ['-c', line], {
        cwd: user.workingDirectory,
        env: { NODE: process.execPath, GTS: MAIN, HOME: user.home, XDG_CACHE_HOME: user.cache },
      }).catch((error: { stdout: string }) => error);
      // How many files Node itself holds open is not ours to say.
      if (!stdout.includes('"gts.error/1"')) continue;
      const { error } = await readDocument(ErrorDocument, stdout);
      said.add(`${error.message.replace(/.*: /, '')}; ${error.hint}`);
    }
    expect([...said]).toEqual([
      'this process may not hold more files open; raise the limit of open files (ulimit -n 1024), then run it again',
    ]);
  });

  it.each(['top --data-dir /proc/none/data', 'demo', 'trivy install', 'host scan --dir /proc/none/security'])(
    'where the system lets no directory be made: gts %s',
    async (line) => {
      await using user = await gtsUser({ XDG_CACHE_HOME: '/proc/none', DOCKER_HOST: 'unix:///nowhere/docker.sock' });
      const { exitCode, stderr } = await user.gts(line.split(' '));
      expect(exitCode).toBe(4);
      expect(stderr).toMatch(/error\[(?!internal)/);
    },
  );
});
