import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CatalogueScanDocument, ErrorDocument, TopDocument } from '@scanner/core';
import { tinyFileSystem, waitUntil } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { pacedScans, type PacedScans } from './support/paced-scans.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { layToolsFile, manyTools, readToolsFile, scannedIn, toolsFileOf } from './support/tools-file.ts';

let database: PreparedDatabase;
let paced: PacedScans;

beforeAll(async () => {
  [database, paced] = await Promise.all([prepareDatabase(), pacedScans({ seconds: 0.02 })]);
});
afterAll(async () => {
  await paced[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const aUser = (): Promise<GtsUser> =>
  gtsUser({ ...database.environment, ...paced.environment, DOCKER_HOST: 'unix:///nowhere/docker.sock' });

const scanOf = async (user: GtsUser, ...args: string[]): Promise<CatalogueScanDocument> =>
  readDocument(CatalogueScanDocument, (await user.gts(['scan', '--json', ...args])).stdout);

describe('an old tools.json', () => {
  const nginx = {
    id: 'docker_hub:library/nginx',
    name: 'nginx',
    namespace: 'library',
    source: 'docker_hub',
    rating: 5,
  };
  const redis = {
    ...nginx,
    id: 'docker_hub:library/redis',
    name: 'redis',
    security: { status: 'ok', trivy_scan_date: '2020-01-01T00:00:00Z', reviewed_by: 'somebody' },
  };

  it('loads without the fields that came later, and keeps what only others know', async () => {
    await using user = await aUser();
    await layToolsFile(toolsFileOf(user), {
      generated_by: 'another program',
      tools: [nginx, redis, ...manyTools(5000)],
    });
    const { tools, totals } = await scanOf(user, '--next', '2', '--namespace', 'library');
    expect(totals).toMatchObject({ selected: 2, scanned: 2 });
    expect(tools.map(({ image_ref, rule }) => `${image_ref} ${rule}`)).toEqual([
      'nginx:latest default',
      'redis:latest default',
    ]);
    const first = await scanOf(user, '--limit', '2');
    expect(first.totals).toMatchObject({ selected: 2, scanned: 2 });

    const written = await readToolsFile(toolsFileOf(user));
    expect(written).toMatchObject({ schema: 'gts.tools/1', generated_by: 'another program' });
    expect(written.tools).toHaveLength(5002);
    expect(written.tools.at(-2)).toMatchObject({ ...nginx, docker_tags: [], security: { scanned_tag: 'latest' } });
    expect(written.tools.at(-1)).toMatchObject({
      rating: 5,
      security: { scanned_tag: 'latest', reviewed_by: 'somebody' },
    });
    expect(scannedIn(written)).toEqual([
      'docker_hub:acme/tool-00000',
      'docker_hub:acme/tool-00001',
      nginx.id,
      redis.id,
    ]);
  });

  it('takes over what somebody writes into it later, and loses no scan by that', async () => {
    await using user = await aUser();
    const path = toolsFileOf(user);
    await layToolsFile(path, { tools: [nginx] });
    await scanOf(user);
    const { tools } = await readToolsFile(path);
    await layToolsFile(path, { schema: 'gts.tools/1', tools: [{ ...nginx, docker_tags: ['stable'] }, redis] });
    const plan = await scanOf(user, '--dry-run', '--force');
    expect(plan.tools.map(({ image_ref }) => image_ref)).toEqual(['nginx:stable', 'redis:latest']);
    expect((await readToolsFile(path)).tools[0]?.security).toEqual(tools[0]?.security);
  });
});

describe('a tools.json that cannot be read', () => {
  it.each([
    ['is cut', JSON.stringify({ schema: 'gts.tools/1', tools: manyTools(3) }).slice(0, 200)],
    ['is not JSON', '<html>Sign in to continue</html>'],
  ])(
    'is set aside under another name and reported when it %s; the store is published in its place',
    async (_, text) => {
      await using user = await aUser();
      const path = toolsFileOf(user);
      await layToolsFile(path, { tools: manyTools(3) });
      await scanOf(user);
      const before = await readToolsFile(path);
      await layToolsFile(path, text);
      const { exitCode, stderr } = await user.gts(['top', '--json']);
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/warning: .*tools\.json/);
      expect(await readToolsFile(path)).toEqual(before);
      const aside = /tools\.json\.unreadable-[\w.-]+/.exec(stderr)?.[0] ?? '';
      expect(await readFile(join(dirname(path), aside), 'utf8')).toBe(text);
    },
  );

  it('is left as it is when a newer version wrote it: exit code 2', async () => {
    await using user = await aUser();
    const path = toolsFileOf(user);
    const newer = JSON.stringify({ schema: 'gts.tools/2', tools: [{ what: 'nobody knows yet' }] });
    await layToolsFile(path, newer);
    for (const command of [['scan'], ['scan', '--dry-run'], ['top'], ['tool', 'nginx']]) {
      const { exitCode, stdout } = await user.gts([...command, '--json']);
      const { error } = await readDocument(ErrorDocument, stdout);
      expect([exitCode, error.code]).toEqual([2, 'file_too_new']);
    }
    expect(await readFile(path, 'utf8')).toBe(newer);
  });
});

describe('a tools.json whose rows make no sense in part', () => {
  it('loses the wrong fields alone, which are named with their tools', async () => {
    await using user = await aUser();
    const path = toolsFileOf(user);
    const [first, second] = manyTools(2);
    await layToolsFile(path, {
      tools: [
        { ...first, pull_count: 7 },
        { ...second, pull_count: 8 },
      ],
    });
    await scanOf(user);
    const { tools } = await readToolsFile(path);
    await layToolsFile(path, {
      tools: [
        { ...tools[0], docker_tags: null, pull_count: '1234' },
        { ...tools[1], security: { ...tools[1]?.security, status: 'OK' } },
      ],
    });
    const { exitCode, stdout, stderr } = await user.gts(['top', '--json']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /warning: .*pull_count of docker_hub:acme\/tool-00000: .*security\.status of docker_hub:acme\/tool-00001: /,
    );
    expect(stderr).not.toContain('docker_tags');
    expect((await readDocument(TopDocument, stdout)).tools.map(({ status }) => status)).toEqual([
      'vulnerable',
      'vulnerable',
    ]);
    expect(await readToolsFile(path)).toEqual({ schema: 'gts.tools/1', tools });
  });
});

describe('a tools.json that cannot be written', () => {
  it('is named at the end, with 3, and the results count as saved', async () => {
    await using user = await aUser();
    const path = toolsFileOf(user);
    await layToolsFile(path, { tools: manyTools(40) });
    const running = user.start(['scan', '--json', '--verbose', '--log-format', 'json']);
    await waitUntil(() => (running.stderrSoFar().includes('"saved":true') ? true : undefined), {
      what: 'the first saved result',
      timeoutMs: 60_000,
      everyMs: 5,
    });
    await rename(dirname(path), `${dirname(path)}-away`);
    await writeFile(dirname(path), 'in the way');
    const { exitCode, stdout, stderr } = await running.ended;
    const { totals } = await readDocument(CatalogueScanDocument, stdout);
    expect(exitCode).toBe(3);
    expect(totals).toMatchObject({ scanned: 40, failed: 0, unsaved: 0 });
    expect(stderr).toMatch(/tools\.json is not up to date; the next command writes it again: .*processed/);

    await rm(dirname(path));
    expect((await scanOf(user)).totals).toMatchObject({ selected: 0, skipped_fresh: 40 });
    expect(scannedIn(await readToolsFile(path))).toHaveLength(40);
  });
});

describe('an empty catalogue', () => {
  it('is nothing to do, which is said', async () => {
    await using user = await aUser();
    const scanned = await user.gts(['scan']);
    expect(scanned.exitCode).toBe(0);
    expect(scanned.stdout).toBe('Nothing to scan\n');
    expect(scanned.stderr).toContain('`gts scrape` finds some');
    const top = await user.gts(['top', '--json']);
    expect((await readDocument(TopDocument, top.stdout)).totals).toEqual({ ranked: 0, unknown: 0 });
  });
});

describe('a full disk', () => {
  it('names what could not be saved, ends with 3, and loses nothing that was', async () => {
    await using disk = await tinyFileSystem(8);
    await using user = await aUser();
    const path = join(disk.path, 'processed', 'tools.json');
    await layToolsFile(path, { tools: manyTools(200) });
    const scan = ['scan', '--json', '--data-dir', disk.path, '--verbose', '--log-format', 'json'];
    const running = user.start(scan);
    await waitUntil(() => (running.stderrSoFar().includes('"saved":true') ? true : undefined), {
      what: 'the first saved result',
      timeoutMs: 60_000,
      everyMs: 5,
    });
    const filler = join(disk.path, 'filler');
    await writeFile(filler, Buffer.alloc(8 * 1024 ** 2)).catch(() => undefined);
    const { exitCode, stdout, stderr } = await running.ended;
    const document = await readDocument(CatalogueScanDocument, stdout);
    expect(exitCode).toBe(3);
    expect(document.totals.unsaved).toBeGreaterThan(0);
    expect(stderr).toContain('could not be saved');
    const saved = document.tools.filter((tool) => tool.status === 'scanned' && tool.saved).map(({ id }) => id);
    expect(saved.length).toBeGreaterThan(0);
    expect((await readToolsFile(path)).tools).toHaveLength(200);

    await rm(filler);
    const rest = await readDocument(CatalogueScanDocument, (await user.gts(scan)).stdout);
    expect(rest.totals).toMatchObject({ scanned: 200 - saved.length, skipped_fresh: saved.length, unsaved: 0 });
    expect(scannedIn(await readToolsFile(path))).toHaveLength(200);
  });
});
