import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Finding, isStale, silentLog, Tool, type ToolScan } from '@scanner/core';

import { FileManager } from './file-manager.ts';
import { openToolStore } from './open-tool-store.ts';

const POSTGRES = 'docker_hub:library/postgres';
const REDIS = 'docker_hub:library/redis';

let directory: string;
let file: string;
let now: number;
let warnings: { message: string; facts: Readonly<Record<string, unknown>> }[];

const clock = { now: () => new Date(now), elapsed: () => performance.now() };
const log = {
  ...silentLog,
  warn: (message: string, facts: Readonly<Record<string, unknown>> = {}) => void warnings.push({ message, facts }),
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-tools-'));
  file = join(directory, 'processed', 'tools.json');
  now = Date.UTC(2026, 10, 22);
  warnings = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

const open = () => openToolStore(directory, { log, clock });

const tool = (changes: Readonly<Record<string, unknown>> = {}): Tool =>
  Tool.parse({ id: POSTGRES, name: 'postgres', namespace: 'library', docker_tags: ['latest', 'stable'], ...changes });

const scraped = (changes: Readonly<Record<string, unknown>> = {}) => ({
  tool: tool(changes),
  tags: [{ name: 'latest', digest: 'sha256:aa', platforms: ['linux/amd64'], pushedAt: '2026-11-01T00:00:00.000Z' }],
  tagsKnown: true,
});

const security = (changes: Readonly<Record<string, unknown>> = {}): ToolScan['security'] => ({
  status: 'ok',
  coverage: 'full',
  scanned_tag: 'stable',
  scanned_digest: 'sha256:bb',
  trivy_scan_date: '2026-11-22T00:00:00.000Z',
  trivy_version: '0.74.0',
  db_updated_at: '2026-11-21T00:00:00.000Z',
  vulnerabilities: { critical: 0, high: 0, medium: 1, low: 0, unknown: 0 },
  ...changes,
});

const FINDING: Finding = {
  key: 'CVE-2026-1|pkg:deb/debian/openssl|',
  vulnerability: 'CVE-2026-1',
  package: 'openssl',
  path: null,
  installed: '3.0.1',
  fixed: '3.0.2',
  severity: 'MEDIUM',
  status: 'fixed',
  title: null,
  url: null,
};

const scan = (changes: Partial<ToolScan> = {}): ToolScan => ({
  security: security(),
  imageRef: 'postgres:stable',
  rule: 'stable',
  source: 'remote',
  platform: 'linux/amd64',
  coverage: 'full',
  coverageReason: null,
  databaseGeneration: 'g1',
  databaseStale: false,
  findings: [FINDING],
  ...changes,
});

const write = (content: unknown): void => {
  mkdirSync(join(directory, 'processed'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};

const published = (): { schema: string; tools: Record<string, unknown>[] } & Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8'));

const beside = (part: string): string[] =>
  readdirSync(join(directory, 'processed')).filter((name) => name.includes(part));

describe('what is saved', () => {
  test('is found by the next process, with findings, rule and tag details', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped()]);
      store.saveScan(POSTGRES, scan());
    }
    await using store = await open();

    expect(store.find(POSTGRES)).toEqual(tool({ security: security() }));
    expect(store.scanOf(POSTGRES)).toEqual(scan());
    expect(store.tagsOf(POSTGRES)).toEqual(scraped().tags);
    expect(store.find('docker_hub:library/nothing')).toBeUndefined();
    expect(store.scanOf('docker_hub:library/nothing')).toBeUndefined();
  });

  test('of tags beyond the published ones is kept for the choice and stands in no file', async () => {
    const tags = [
      ...scraped().tags,
      {
        name: '17.2',
        digest: null,
        platforms: ['linux/amd64'],
        pushedAt: null,
        imageDigests: [{ platform: 'linux/amd64', digest: 'sha256:cc' }],
        published: false,
      },
    ];
    {
      await using store = await open();
      store.saveScraped([{ ...scraped(), tags }]);
    }
    await using store = await open();
    expect(store.tagsOf(POSTGRES)).toEqual(tags);
    expect(published().tools).toMatchObject([{ id: POSTGRES, docker_tags: ['latest', 'stable'] }]);
    expect(readFileSync(file, 'utf8')).not.toContain('17.2');
  });

  test.each([
    ['an earlier version', '[{"name":"1","digest":null,"platforms":[],"pushedAt":null}]', 1],
    ['a later version', '[{"name":"1","digest":null,"platforms":[],"pushedAt":null,"signed":true}]', 1],
    ['nobody', '[{"name":1}]', 0],
    ['a broken disk', '[{', 0],
  ])('of tags as %s wrote them is read or left out', async (_, written, count) => {
    {
      await using store = await open();
      store.saveScraped([scraped()]);
    }
    using database = new DatabaseSync(join(directory, 'store.db'));
    database.prepare('UPDATE tool SET tags = ?').run(written);
    await using store = await open();
    expect(store.tagsOf(POSTGRES)).toHaveLength(count);
  });

  test('comes in the order of IDs, narrowed by namespace or ID', async () => {
    await using store = await open();
    const ids = ['docker_hub:library/b', 'docker_hub:acme/z', 'docker_hub:library/a', 'docker_hub:Acme/a'];
    store.saveScraped(ids.map((id) => scraped({ id, namespace: id.split(/[:/]/)[1] })));
    const idsOf = (filter?: Parameters<typeof store.tools>[0]) => [...store.tools(filter)].map(({ id }) => id);

    expect(idsOf()).toEqual(ids.toSorted());
    expect(idsOf({ namespaces: ['library', 'none'] })).toEqual(['docker_hub:library/a', 'docker_hub:library/b']);
    expect(idsOf({ ids: ['docker_hub:acme/z', 'docker_hub:none/z'] })).toEqual(['docker_hub:acme/z']);
    expect(idsOf({ ids: ['docker_hub:acme/z'], namespaces: ['library'] })).toEqual([]);
  });

  test('of a scan of a tool that is not known is an error', async () => {
    await using store = await open();

    expect(() => store.saveScan(POSTGRES, scan())).toThrow(expect.objectContaining({ code: 'internal' }));
    expect(store.find(POSTGRES)).toBeUndefined();
  });

  test('keeps fields of others in a tool, its security and its counts through scraping and scanning', async () => {
    const mine = {
      mine: { deep: [1] },
      security: { reviewed: true, vulnerabilities: { critical: 0, negligible: 7 } },
    };
    write({ tools: [{ id: POSTGRES, ...mine }], made_by: { name: 'another program' } });
    {
      await using store = await open();
      store.saveScraped([scraped({ pull_count: 5 })]);
      store.saveScan(POSTGRES, scan());
    }

    expect(published()).toMatchObject({
      made_by: { name: 'another program' },
      tools: [
        {
          mine: { deep: [1] },
          pull_count: 5,
          security: { status: 'ok', reviewed: true, vulnerabilities: { medium: 1, negligible: 7 } },
        },
      ],
    });
  });
});

describe('scraping', () => {
  test('never writes security', async () => {
    await using store = await open();
    store.saveScraped([scraped({ security: security() })]);
    expect(store.find(POSTGRES)?.security.status).toBe('unknown');
    store.saveScan(POSTGRES, scan());
    store.saveScraped([scraped({ description: 'new' })]);

    expect(store.find(POSTGRES)).toEqual(tool({ description: 'new', security: security() }));
    expect(store.scanOf(POSTGRES)).toEqual(scan());
  });

  test('keeps the tags of a known tool that could not be asked for, and gives a new one none', async () => {
    await using store = await open();
    store.saveScraped([scraped({ tags_note: 'mine' })]);
    const unasked = { tags: [], tagsKnown: false };
    store.saveScraped([
      { tool: tool({ docker_tags: [], pull_count: 9 }), ...unasked },
      { tool: tool({ id: REDIS, docker_tags: [] }), ...unasked },
    ]);

    expect(store.find(POSTGRES)).toMatchObject({
      docker_tags: ['latest', 'stable'],
      tags_note: 'mine',
      pull_count: 9,
    });
    expect(store.tagsOf(POSTGRES)).toEqual(scraped().tags);
    expect(store.find(REDIS)?.docker_tags).toEqual([]);
    expect(store.tagsOf(REDIS)).toEqual([]);
  });
});

describe('failures', () => {
  const failure = {
    reason: { code: 'not_found' as const, message: 'gone' },
    until: '2026-11-22T01:00:00.000Z',
  };

  test('are remembered until their time, by the next process too', async () => {
    {
      await using store = await open();
      store.rememberFailure(POSTGRES, failure);
    }
    await using store = await open();

    expect(store.failureOf(POSTGRES)).toEqual(failure);
    expect(store.failureOf(REDIS)).toBeUndefined();
    now += 3_600_000;
    expect(store.failureOf(POSTGRES)).toBeUndefined();
  });

  test('are forgotten when told to, and by a scan', async () => {
    await using store = await open();
    store.saveScraped([scraped()]);
    store.rememberFailure(POSTGRES, failure);
    store.rememberFailure(REDIS, failure);
    store.forgetFailure(REDIS);
    store.saveScan(POSTGRES, scan());

    expect([store.failureOf(POSTGRES), store.failureOf(REDIS)]).toEqual([undefined, undefined]);
  });

  test.each(['{"until":1}', 'not JSON', '{"reason":{"code":"unheard_of","message":"?"},"until":"never"}'])(
    'that cannot be read are none, so that the tool is scanned again: %s',
    async (damaged) => {
      await using store = await open();
      store.rememberFailure(POSTGRES, failure);
      using database = new DatabaseSync(join(directory, 'store.db'));
      database.prepare('UPDATE failure SET failure = ?').run(damaged);
      expect(store.failureOf(POSTGRES)).toBeUndefined();
      expect(warnings).toMatchObject([{ facts: { id: POSTGRES } }]);
    },
  );
});

describe('tools.json', () => {
  test('shows every tool in order, one a line, after an orderly end', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped({ id: REDIS }), scraped()]);
      store.saveScan(POSTGRES, scan());
    }

    expect(published()).toEqual({
      schema: 'gts.tools/1',
      tools: [tool({ security: security() }), tool({ id: REDIS })],
    });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  });

  test('is not made for an empty catalogue, and not written anew where nothing changed', async () => {
    await (await open()).close();
    expect(existsSync(file)).toBe(false);
    {
      await using store = await open();
      store.saveScraped([scraped()]);
    }
    const before = statSync(file, { bigint: true });
    {
      await using store = await open();
      store.saveScraped([scraped()]);
    }

    expect(statSync(file, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
    expect(warnings).toEqual([]);
  });

  test('follows a change soon, without a flush', async () => {
    await using store = await open();
    store.saveScraped([scraped()]);

    await expect.poll(() => existsSync(file) && published().tools.length, { timeout: 10_000 }).toBe(1);
  });

  test('comes back when somebody removes it', async () => {
    await using store = await open();
    store.saveScraped([scraped()]);
    await store.flush();
    rmSync(file);
    await store.flush();

    expect(published().tools).toHaveLength(1);
  });

  test('is published by the next process where the last one could not, and its left-overs are removed', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped()]);
      await store.flush();
    }
    using connection = new DatabaseSync(join(directory, 'store.db'));
    connection.exec(
      `UPDATE tool SET fields = json_set(fields, '$.name', 'changed'); UPDATE view SET revision = revision + 1`,
    );
    writeFileSync(join(directory, 'processed', '.tools.json.0123456789abcdef.tmp'), 'half');
    await (await open()).close();

    expect(published().tools).toMatchObject([{ name: 'changed' }]);
    expect(beside('.tmp')).toEqual([]);
  });

  test('still counts as ours when a crash came between announcing and replacing it', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped({ description: 'old' })]);
      await store.flush();
      store.saveScraped([scraped({ description: 'new' })]);
      await store.flush();
    }
    const newer = readFileSync(file, 'utf8');
    using connection = new DatabaseSync(join(directory, 'store.db'));
    connection.exec("UPDATE view SET next = 'deadbeef 0:0:0', revision = revision + 1");
    connection.exec(`UPDATE tool SET fields = json_set(fields, '$.description', 'newest')`);
    writeFileSync(file, newer);
    await using store = await open();

    expect(store.find(POSTGRES)?.description).toBe('newest');
    expect(published().tools).toMatchObject([{ description: 'newest' }]);
  });
});

describe('a tools.json that somebody else wrote', () => {
  test('from before there was a schema is taken over, with what it lacks filled in', async () => {
    write({
      tools: [
        {
          id: POSTGRES,
          name: 'postgres',
          mine: 1,
          security: { status: 'ok', trivy_scan_date: '2026-01-21T10:30:00Z' },
        },
        { id: REDIS },
      ],
    });
    await using store = await open();

    expect(store.find(POSTGRES)).toMatchObject({ docker_tags: [], mine: 1, security: { scanned_tag: null } });
    expect(store.find(REDIS)).toMatchObject({ docker_tags: [], security: { status: 'unknown' } });
    expect(published()).toEqual({ schema: 'gts.tools/1', tools: [...store.tools()] });
    expect(warnings).toEqual([]);
  });

  test('wins, except over newer scans, and removes nothing', async () => {
    await using store = await open();
    const ids = ['a', 'b', 'c', 'd'].map((name) => `docker_hub:library/${name}`);
    store.saveScraped(ids.map((id) => scraped({ id })));
    for (const id of ids) store.saveScan(id, scan());
    await store.flush();
    const edited = published().tools.slice(0, 3);
    const edit = (index: number, fields: object, changes: object) => ({
      ...edited[index],
      ...fields,
      security: security({ scanned_tag: 'edited', ...changes }),
    });
    write({
      tools: [
        edit(0, { description: 'mine' }, { trivy_scan_date: '2026-11-21T23:59:59Z' }),
        edit(1, { docker_tags: ['mine'] }, { trivy_scan_date: '2026-11-22T00:00:00.000001', scanned_digest: null }),
        { id: ids[2], name: 'renamed' },
      ],
    });
    await store.flush();

    expect([...store.tools()]).toMatchObject([
      { id: ids[0], description: 'mine', security: { scanned_tag: 'stable' } },
      { id: ids[1], docker_tags: ['mine'], security: { scanned_tag: 'edited' } },
      { id: ids[2], name: 'renamed', docker_tags: ['latest', 'stable'], security: { scanned_tag: 'stable' } },
      { id: ids[3] },
    ]);
    expect(store.scanOf(ids[0] ?? '')?.findings).toEqual([FINDING]);
    expect(store.scanOf(ids[1] ?? '')).toBeUndefined();
    expect(published().tools).toEqual([...store.tools()]);
  });

  test('is not taken over a second time, nor is a copy of our own', async () => {
    await using store = await open();
    store.saveScraped([scraped({ description: 'old' })]);
    await store.flush();
    const copy = readFileSync(file);
    rmSync(file);
    writeFileSync(file, copy);
    store.saveScraped([scraped({ description: 'new' })]);
    await store.flush();

    expect(store.find(POSTGRES)?.description).toBe('new');
  });

  test.each([
    '',
    '{',
    '{"tools": [{"id": "a"}',
    '{"tools": [{"id": "a"}]}}',
    '[]',
    'null',
    '{"tools": {}}',
    '{"tools": [1,]}',
    '{"tools": [{"id": "a"} {"id": "b"}]}',
    '{"tools": ["\\ud800',
    '{"schema": 1, "tools": []}',
    '{"schema": "x/1", "tools": []}',
    '{"schema": "gts.tools/1"}',
    "{'tools': []}",
    '<html>',
    '{"tools": [{"id": "\u0000"}]}',
    '\uFFFE{}',
    `{"tools":${'['.repeat(5000)}`,
  ])('that cannot be read (%j) is set aside, and nothing is lost', async (content) => {
    {
      await using store = await open();
      store.saveScraped([scraped()]);
    }
    write(content);
    await using store = await open();

    expect([...store.tools()]).toEqual([tool()]);
    expect(published().tools).toEqual([tool()]);
    expect(beside('unreadable').map((name) => readFileSync(join(directory, 'processed', name), 'utf8'))).toEqual([
      content,
    ]);
    expect(warnings).toMatchObject([{ facts: { code: 'store_corrupt', file } }]);
  });

  test('that was cut is set aside without a catalogue too', async () => {
    write(`{"tools": [${JSON.stringify(tool())},`);
    await using store = await open();

    expect([...store.tools()]).toEqual([]);
    expect(beside('unreadable')).toHaveLength(1);
  });

  test('with rows that are no tools gives the others, and is kept', async () => {
    const rows = [
      { name: 'no id' },
      { id: POSTGRES, pull_count: 'many' },
      7,
      null,
      [],
      { id: 'a\nb' },
      { id: 'x'.repeat(600) },
    ];
    const deep = `{"id": "deep", "x": ${'['.repeat(200)}${']'.repeat(200)}}`;
    const large = `{"id": "large", "x": "${'x'.repeat(2 * 1024 ** 2)}"}`;
    const content = `{"tools": [${[...rows.map((row) => JSON.stringify(row)), deep, large, JSON.stringify({ id: REDIS })].join(',')}]}`;
    {
      await using store = await open();
      store.saveScraped([scraped()]);
    }
    write(content);
    await using store = await open();

    expect([...store.tools()]).toEqual([tool(), Tool.parse({ id: REDIS })]);
    expect(beside('refused').map((name) => readFileSync(join(directory, 'processed', name), 'utf8'))).toEqual([
      content,
    ]);
    expect(warnings).toMatchObject([{ message: expect.stringContaining('row 1: '), facts: { rows: 8, fields: 1 } }]);
  });

  test('with a field that makes no sense loses that field alone, and the warning names tool and field', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped({ pull_count: 7 }), scraped({ id: REDIS, pull_count: 8 })]);
      store.saveScan(POSTGRES, scan());
      store.saveScan(REDIS, scan());
    }
    const [postgres, redis] = published().tools;
    write({
      tools: [
        { ...postgres, docker_tags: null, security: null, pull_count: '1234', description: 'edited' },
        { ...redis, security: security({ status: 'OK' }), name: null, star_count: [], mine: null },
      ],
    });
    await using store = await open();

    expect(store.find(POSTGRES)).toEqual(tool({ pull_count: 7, description: 'edited', security: security() }));
    expect(store.find(REDIS)).toEqual(tool({ id: REDIS, pull_count: 8, mine: null, security: security() }));
    expect(store.scanOf(POSTGRES)?.findings).toEqual([FINDING]);
    expect(store.scanOf(REDIS)?.findings).toEqual([FINDING]);
    const [warning, ...others] = warnings;
    expect(others).toEqual([]);
    expect(warning?.facts).toMatchObject({ rows: 0, fields: 3 });
    for (const named of [`pull_count of ${POSTGRES}: `, `security.status of ${REDIS}: `, `star_count of ${REDIS}: `])
      expect(warning?.message).toContain(named);
    expect(warning?.message).not.toMatch(/docker_tags|security of|name of/);
    expect(beside('refused')).toHaveLength(1);
  });

  test.each([
    ['a count', { vulnerabilities: { critical: 0, high: '3' } }, { status: 'unknown', coverage: null }],
    ['the counts', { vulnerabilities: [] }, { status: 'unknown', coverage: null }],
    ['the coverage', { coverage: 'FULL' }, { status: 'unknown', coverage: null }],
    ['the date', { trivy_scan_date: 20_261_122 }, { trivy_scan_date: null }],
  ])('with %s that makes no sense is never taken for clean', async (_, changes, expected) => {
    write({ tools: [{ id: POSTGRES, security: security(changes) }] });
    await using store = await open();

    const found = store.find(POSTGRES)?.security;
    expect(found).toMatchObject(expected);
    expect(isStale(found!, new Date(now), 7 * 86_400_000)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  test('has its statuses from its counts and coverage, whatever it calls them', async () => {
    const HIGH = { critical: 0, high: 1, medium: 0, low: 0, unknown: 0 };
    const { coverage: _, ...unsaid } = security();
    write({
      tools: [
        { id: 'a', security: security({ vulnerabilities: HIGH }) },
        { id: 'b', security: unsaid },
        { id: 'c', security: { ...unsaid, vulnerabilities: HIGH } },
        { id: 'd', security: security({ coverage: 'partial' }) },
        { id: 'e', security: { status: 'vulnerable' } },
        { id: 'f', security: security({ status: 'unknown' }) },
      ],
    });
    await (await open()).close();

    expect(published().tools).toMatchObject([
      { security: { status: 'vulnerable', coverage: 'full' } },
      { security: { status: 'unknown', coverage: null } },
      { security: { status: 'vulnerable', coverage: null } },
      { security: { status: 'unknown', coverage: 'partial' } },
      { security: { status: 'vulnerable', coverage: null } },
      { security: { status: 'ok', coverage: 'full' } },
    ]);
    expect(warnings).toEqual([]);
  });

  test('and says nothing of coverage has it from what is known of that scan', async () => {
    await using store = await open();
    store.saveScraped([scraped(), scraped({ id: REDIS })]);
    store.saveScan(POSTGRES, scan({ coverage: 'eol' }));
    store.saveScan(REDIS, scan());
    await store.flush();
    const { coverage: _, ...unsaid } = security();
    write({
      tools: [
        { id: POSTGRES, security: unsaid },
        { id: REDIS, security: { ...unsaid, trivy_scan_date: '2026-11-22T10:00:00.000Z' } },
      ],
    });
    await store.flush();

    expect(store.find(POSTGRES)?.security).toMatchObject({ status: 'unknown', coverage: 'eol' });
    expect(store.find(REDIS)?.security).toMatchObject({ status: 'unknown', coverage: null });
  });

  test.each(['gts.tools/2', 'gts.tools/1.1', 'gts.tools/'])(
    'of the newer schema %s ends the opening, untouched',
    async (schema) => {
      const content = JSON.stringify({ tools: [{ id: REDIS }], schema });
      {
        await using store = await open();
        store.saveScraped([scraped()]);
      }
      write(content);

      await expect(open()).rejects.toMatchObject({ code: 'file_too_new', hint: expect.any(String) });
      expect(readFileSync(file, 'utf8')).toBe(content);
      expect(beside('tools.json')).toEqual(['tools.json']);
      rmSync(file);
      await using store = await open();
      expect([...store.tools()]).toEqual([tool()]);
    },
  );

  test('cannot change what objects are', async () => {
    write(
      `{"__proto__": {"polluted": 1}, "tools": [{"id": "a", "__proto__": {"polluted": 1}, "x": {"\\u005f_proto__": {"polluted": 1}},
        "constructor": {"prototype": {"polluted": 1}}, "security": {"__proto__": {"polluted": 1}}}]}`,
    );
    await using store = await open();
    const found = store.find('a');

    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(JSON.stringify(found)).not.toContain('__proto__');
    expect(readFileSync(file, 'utf8')).not.toContain('__proto__');
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
  });

  test('may start with a byte order mark and be laid out as people like it', async () => {
    write(
      `\uFEFF  ${JSON.stringify({ note: 'x', tools: [tool(), tool({ id: REDIS })], more: [{}, -1.5e3, null] }, null, 4)}\r\n`,
    );
    await using store = await open();

    expect([...store.tools()]).toEqual([tool(), tool({ id: REDIS })]);
    expect(published()).toMatchObject({ note: 'x', more: [{}, -1500, null] });
  });

  test('of 5,000 tools loads, and keeps what it does not know', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      id: `docker_hub:n${String(index).padStart(5, '0')}/tool`,
      mine: { index },
      security: {
        status: 'ok',
        seen_by: [`reader "${index}"`],
        vulnerabilities: { critical: 0, high: 0, medium: 0, low: index },
      },
    }));
    write({ tools: rows });
    await using store = await open();
    store.saveScan(rows[7]?.id ?? '', scan());
    await store.flush();

    const { tools } = published();
    expect(tools.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(tools.filter((row, index) => JSON.stringify(row['mine']) !== JSON.stringify({ index }))).toEqual([]);
    expect(tools[7]).toMatchObject({ ...rows[7], security: { ...security(), seen_by: ['reader "7"'] } });
    expect(tools[8]).toMatchObject({
      ...rows[8],
      docker_tags: [],
      security: { ...rows[8]?.security, status: 'unknown', coverage: null, scanned_tag: null },
    });
  });

  test('that is a directory is an error that names it', async () => {
    mkdirSync(file, { recursive: true });

    await expect(open()).rejects.toMatchObject({ code: 'directory_unusable', message: expect.stringContaining(file) });
  });
});

describe('the store', () => {
  test('of an earlier version has the coverage of each tool from its kept scan, once, and publishes it', async () => {
    const unscanned = 'docker_hub:library/never';
    const ids = Array.from({ length: 1200 }, (_, index) => `docker_hub:a/${String(index).padStart(4, '0')}`);
    {
      await using store = await open();
      store.saveScraped([POSTGRES, REDIS, unscanned, ...ids].map((id) => scraped({ id })));
      store.saveScan(POSTGRES, scan({ coverage: 'unsupported' }));
      store.saveScan(REDIS, scan({ databaseStale: true }));
      for (const id of ids) store.saveScan(id, scan());
    }
    {
      using connection = new DatabaseSync(join(directory, 'store.db'));
      connection.exec(
        `UPDATE tool SET security = json_set(json_remove(security, '$.coverage', '$.db_stale'), '$.mine', 1, '$.status', 'ok')
           WHERE id <> '${unscanned}';
         UPDATE tool SET security = json_remove(security, '$.coverage') WHERE id = '${unscanned}';
         DELETE FROM scan WHERE id = '${ids[3]}'; DROP INDEX tool_without_coverage`,
      );
    }
    const before = statSync(file).ino;
    await (await open()).close();
    const filled = new Map(published().tools.map(({ id, security: shown }) => [id, shown]));
    const after = statSync(file).ino;
    await (await open()).close();

    expect(after).not.toBe(before);
    expect(statSync(file).ino).toBe(after);
    expect(filled.get(POSTGRES)).toMatchObject({ status: 'unknown', coverage: 'unsupported', mine: 1 });
    expect(filled.get(REDIS)).toMatchObject({ status: 'ok', coverage: 'full', db_stale: true });
    expect(filled.get(unscanned)).toMatchObject({ status: 'unknown', coverage: null });
    expect(filled.get(ids[3])).toMatchObject({ status: 'unknown', coverage: null, scanned_tag: 'stable' });
    expect(ids.filter((id) => id !== ids[3]).map((id) => filled.get(id))).toEqual(
      Array.from({ length: 1199 }, () => ({ ...security(), mine: 1 })),
    );
  });

  test('of a newer version is refused and left as it is', async () => {
    await (await open()).close();
    const database = join(directory, 'store.db');
    {
      using connection = new DatabaseSync(database);
      connection.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    }
    const before = readFileSync(database);

    await expect(open()).rejects.toMatchObject({ code: 'store_too_new' });
    expect(readFileSync(database)).toEqual(before);
  });

  test('that is damaged is set aside, and tools.json gives the catalogue back', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped()]);
      store.saveScan(POSTGRES, scan());
    }
    writeFileSync(join(directory, 'store.db'), 'not a database '.repeat(1000));
    await using store = await open();

    expect(store.find(POSTGRES)).toEqual(tool({ security: security() }));
    expect(warnings).toMatchObject([{ facts: { code: 'store_corrupt' } }]);
    expect(readdirSync(directory).filter((name) => name.startsWith('store.db.corrupt-'))).toHaveLength(1);
  });

  test('that is damaged within is set aside when it is opened, before anything of it is told', async () => {
    {
      await using store = await open();
      store.saveScraped(Array.from({ length: 200 }, (_, index) => scraped({ id: `docker_hub:acme/${index}` })));
    }
    const database = join(directory, 'store.db');
    const content = readFileSync(database);
    content.fill(7, 3 * 4096);
    writeFileSync(database, content);
    await using store = await open();

    expect([...store.tools()]).toHaveLength(200);
    expect(warnings).toMatchObject([{ facts: { code: 'store_corrupt' } }]);
  });

  test('that is damaged later is set aside, and says so in place of having nothing', async () => {
    await using store = await open();
    store.saveScraped(Array.from({ length: 200 }, (_, index) => scraped({ id: `docker_hub:acme/${index}` })));
    await store.flush();
    const database = join(directory, 'store.db');
    using connection = new DatabaseSync(database);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const content = readFileSync(database);
    content.fill(7, 4096, 2 * 4096);
    writeFileSync(database, content);
    // What has been read is read again once somebody has written.
    connection.exec('UPDATE view SET revision = revision');
    connection.close();

    expect(() => [...store.tools()]).toThrow(expect.objectContaining({ code: 'store_corrupt' }));
    await store.flush();

    expect([...store.tools()]).toHaveLength(200);
  });

  test('leaves out a tool or findings that nobody can read, and goes on', async () => {
    await using store = await open();
    store.saveScraped([scraped(), scraped({ id: REDIS })]);
    store.saveScan(REDIS, scan());
    using connection = new DatabaseSync(join(directory, 'store.db'));
    connection.exec(`UPDATE tool SET fields = '{' WHERE id = '${POSTGRES}'; UPDATE scan SET scan = x'00'`);

    expect([...store.tools()].map(({ id }) => id)).toEqual([REDIS]);
    expect(store.scanOf(REDIS)).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  test('may change while its tools are read', async () => {
    await using store = await open();
    const ids = Array.from({ length: 1500 }, (_, index) => `docker_hub:a/${String(index).padStart(4, '0')}`);
    store.saveScraped(ids.map((id) => scraped({ id })));
    const seen: string[] = [];
    for (const { id } of store.tools()) {
      seen.push(id);
      if (seen.length % 100 === 0) store.saveScan(id, scan());
    }

    expect(seen).toEqual(ids);
  });
});

describe('FileManager', () => {
  test('merges by ID, keeping the newer scan', async () => {
    await using files = await FileManager.open(directory, { log, clock });
    files.saveProcessed([tool(), tool({ id: REDIS, security: security() })]);
    files.saveProcessed([tool({ name: 'changed' }), tool({ id: REDIS, mine: 1 })], { merge: true });
    await files.flush();

    expect(files.loadProcessed()).toEqual([
      tool({ name: 'changed' }),
      tool({ id: REDIS, mine: 1, security: security() }),
    ]);
    expect(published().tools).toEqual(files.loadProcessed());
  });

  test('replaces the whole set without merging', async () => {
    {
      await using store = await open();
      store.saveScraped([scraped(), scraped({ id: REDIS })]);
      store.saveScan(POSTGRES, scan());
      store.saveScan(REDIS, scan());
    }
    {
      await using files = await FileManager.open(directory, { log, clock });
      files.saveProcessed([tool()], { merge: false });
      expect(files.loadProcessed()).toEqual([tool()]);
    }
    await using store = await open();

    expect(published().tools).toEqual([tool()]);
    expect([store.scanOf(POSTGRES), store.scanOf(REDIS)]).toEqual([undefined, undefined]);
    expect(store.tagsOf(POSTGRES)).toEqual(scraped().tags);
  });
});
