import { join } from 'node:path';

import { CatalogueScanDocument, ImageDocument, ToolDocument, TopDocument } from '@scanner/core';
import {
  alpineImage,
  anImage,
  endOfLifeImage,
  jarImage,
  jarWithPom,
  namelessJar,
  placeDatabase,
  realTrivy,
  scratchImage,
  temporaryDirectory,
  type TemporaryDirectory,
} from '@scanner/testing';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CatalogueWorld, catalogueWorld } from './support/catalogue-world.ts';
import { readCycloneDx, readSarif, readSpdx } from './support/format-schemas.ts';
import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { archiveOf } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { readToolsFile, toolsFileOf } from './support/tools-file.ts';

const NONE_JUDGED = 'none in 0 images that could be judged';

/** What stands behind `Findings:` in a text for people. */
const headlineOf = ({ stdout }: Ended): string =>
  /Findings: ([^;\n]*)/.exec(stdout.replaceAll(/<[^>]*>/g, ''))?.[1]?.trim() ?? stdout;

let files: TemporaryDirectory;
let database: PreparedDatabase;
let user: GtsUser;
let paths: Readonly<Record<'scratch' | 'old' | 'jars' | 'alpine' | 'missing', string>>;

beforeAll(async () => {
  [database, files] = await Promise.all([prepareDatabase(), temporaryDirectory()]);
  user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  paths = {
    scratch: await archiveOf((await scratchImage()).image, files.path, 'scratch'),
    old: await archiveOf((await endOfLifeImage()).image, files.path, 'old'),
    jars: await archiveOf((await jarImage()).image, files.path, 'jars'),
    alpine: await archiveOf((await alpineImage()).image, files.path, 'alpine'),
    missing: join(files.path, 'missing.tar'),
  };
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Nothing listed of any of them, so that only their coverage says what that is worth. */
const NOTHING_LISTED = ['--severity', 'UNKNOWN'];

const image = (names: ReadonlyArray<keyof typeof paths>, ...more: readonly string[]): Promise<Ended> =>
  user.gts(['image', ...names.flatMap((name) => ['--input', paths[name]]), ...more]);

describe('an image from scratch, one that failed and one past its end of life', () => {
  const ALL = ['scratch', 'missing', 'old'] as const;

  it.each(['table', 'markdown', 'html'])('are never under "none" in the headline of %s', async (format) => {
    const ended = await image(ALL, ...NOTHING_LISTED, '--format', format);
    expect(ended.exitCode).toBe(3);
    expect(headlineOf(ended)).toBe(NONE_JUDGED);
    expect(ended.stdout).toContain('nothing could be judged');
    expect(ended.stdout).toContain('end of life');
    expect(ended.stdout).toMatch(/not\\?_found/);
    expect(ended.stdout).not.toMatch(/nothing (?:of \w+ )?found/i);
  });

  it('leave what was judged beside them its own number', async () => {
    const ended = await image([...ALL, 'alpine'], ...NOTHING_LISTED);
    expect(headlineOf(ended)).toBe('none in 1 image that could be judged');
    expect(headlineOf(await image(['alpine'], ...NOTHING_LISTED))).toBe('none');
  });

  it('are what they are in CSV and JUnit', async () => {
    const rows = parseCsv<Record<string, string>>((await image(ALL, ...NOTHING_LISTED, '--format', 'csv')).stdout, {
      columns: true,
      recordDelimiter: '\r\n',
    });
    expect(new Set(rows.map(({ status, coverage }) => `${status} ${coverage}`))).toEqual(
      new Set(['complete unsupported', 'failed ', 'complete eol']),
    );
    const junit = await image(ALL, ...NOTHING_LISTED, '--format', 'junit');
    expect(junit.stdout).toMatch(/<testsuites name="gts" tests="3" failures="0" errors="1" skipped="2"/);
  });

  it('keep code scanning from taking older alerts for mended', async () => {
    const { runs } = await readSarif((await image([...ALL, 'alpine'], '--format', 'sarif')).stdout);
    const told = new Map(runs.map((run) => [run.automationDetails.id, run.invocations?.[0]]));
    expect([...told.keys()]).toEqual([
      `gts/${paths.scratch}/`,
      `gts/${paths.old}/`,
      `gts/${paths.alpine}/`,
      'gts/not-scanned/',
    ]);
    expect(told.get(`gts/${paths.scratch}/`)).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'warning' }],
    });
    expect(told.get(`gts/${paths.old}/`)).toMatchObject({
      executionSuccessful: true,
      toolExecutionNotifications: [{ level: 'warning' }],
    });
    expect(told.get(`gts/${paths.alpine}/`)).toBeUndefined();
    expect(told.get('gts/not-scanned/')).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', message: { text: expect.stringContaining('missing.tar') } }],
    });
  });

  it('are noted in bills of materials, which stay valid', async () => {
    const bom = await readCycloneDx((await image(['scratch'], '--format', 'cyclonedx')).stdout);
    expect(bom['metadata']).toMatchObject({
      properties: expect.arrayContaining([{ name: 'gts:coverage', value: 'unsupported' }]),
    });
    const spdx = await readSpdx((await image(['old'], '--format', 'spdx')).stdout);
    expect(spdx['comment']).toContain('end of life');
  });
});

describe('a gate', () => {
  const NO_JAVA = { TRIVY_JAVA_DB_REPOSITORY: '127.0.0.1:1/none:1' };

  it('has not held for what was judged in part, unless it failed', async () => {
    await using other = await gtsUser({ ...database.environment, ...NO_JAVA, TRIVY_PATH: await realTrivy() });
    const fine = { group: 'org.example', artifact: 'fine', version: '9.9.9' };
    const built = await anImage({ layers: [{ 'opt/fine.jar': jarWithPom(fine), 'opt/thing.jar': namelessJar() }] });
    const jars = await archiveOf(built, files.path, 'only-jars');
    for (const [path, exitCode] of [
      [jars, 3],
      [paths.jars, 1],
    ] as const) {
      const ended = await other.gts(['image', '--input', path, '--json', '--fail-on', 'critical']);
      const { images } = await readDocument(ImageDocument, ended.stdout);
      expect(images[0]).toMatchObject({ coverage: 'partial', reason: { code: 'java_db_missing' } });
      expect(ended.exitCode).toBe(exitCode);
      expect(ended.stderr).toContain('its coverage is partial');
    }
  });

  it('says that the database is too old', async () => {
    await using other = await gtsUser({ TRIVY_PATH: await realTrivy() });
    await placeDatabase(join(other.cache, 'gts'), 1, { updatedAt: new Date('2026-01-01T00:00:00Z') });
    const ended = await other.gts(['image', ...['--input', paths.alpine, '--skip-db-update', '--fail-on', 'unknown']]);
    expect(ended.stderr).toContain('--fail-on says nothing of what was published since');
    const listed = await other.gts(['image', '--input', paths.alpine, '--skip-db-update', ...NOTHING_LISTED]);
    expect(headlineOf(listed)).toBe('none, as far as the old database knows');
  });
});

describe('a SARIF log of more than 20 images', () => {
  it('is written, with a warning that GitHub will not take it', async () => {
    const many = (count: number) =>
      image(
        Array.from({ length: count }, () => 'scratch' as const),
        '--format',
        'sarif',
      );
    const fits = await many(20);
    expect(fits.stderr).not.toContain('refuses');
    const ended = await many(21);
    expect((await readSarif(ended.stdout)).runs).toHaveLength(21);
    expect(ended.stderr).toMatch(/warning: the log has 21 runs, and GitHub's code scanning refuses more than 20/);
    expect(ended.exitCode).toBe(0);
  });
});

describe('a catalogue with images that could not be judged', () => {
  let world: CatalogueWorld;
  let reader: GtsUser;

  beforeAll(async () => {
    world = await catalogueWorld();
    reader = await gtsUser(world.environment);
    await reader.gts(['scrape', '--namespaces', 'acme']);
    await reader.gts(['scan', 'acme/static', 'acme/legacy', 'acme/gone']);
  });
  afterAll(async () => {
    await reader[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const securityIn = async (): Promise<Map<string, unknown>> => {
    const { tools } = await readToolsFile(toolsFileOf(reader));
    return new Map(tools.map(({ id, security }) => [id, security]));
  };

  it('publishes how much of each could be judged, and calls none ok', async () => {
    const published = await securityIn();
    expect(published.get('docker_hub:acme/static')).toMatchObject({ status: 'unknown', coverage: 'unsupported' });
    expect(published.get('docker_hub:acme/legacy')).toMatchObject({ status: 'vulnerable', coverage: 'eol' });
    expect(published.get('docker_hub:acme/gone')).toMatchObject({ status: 'unknown', coverage: null });
  });

  it('shows it in every command', async () => {
    const scanned = await reader.gts(['scan', '--force', 'acme/static', 'acme/legacy']);
    const planned = await reader.gts(['scan', '--dry-run', '--force', 'acme/static', 'acme/legacy', 'acme/gone']);
    expect(planned.stdout).toMatch(/│ docker_hub:acme\/gone +│ [^│]+│ UNKNOWN +│ Never/);
    expect(planned.stdout).toMatch(/│ docker_hub:acme\/static +│ [^│]+│ UNSUPPORTED +│/);
    expect(planned.stdout).toMatch(/│ docker_hub:acme\/legacy +│ [^│]+│ VULNERABLE, END OF LIFE +│/);
    const top = await reader.gts(['top']);
    const tool = await reader.gts(['tool', 'acme/static']);
    for (const { stdout } of [scanned, top, tool]) {
      expect(stdout).toMatch(/docker_hub:acme\/static.* unsupported/);
      expect(stdout).not.toMatch(/ ok\b/i);
    }
    expect(tool.stdout).toContain('not supported: nothing could be judged');
  });

  it('says it in every document', async () => {
    const args = ['scan', '--dry-run', '--force', 'acme/static', '--json'];
    const plan = await readDocument(CatalogueScanDocument, (await reader.gts(args)).stdout);
    expect(plan.tools).toMatchObject([{ security_status: 'unknown', coverage: 'unsupported', db_stale: false }]);
    const topOf = async (...more: string[]): Promise<unknown[]> =>
      (await readDocument(TopDocument, (await reader.gts(['top', '--json', ...more])).stdout)).tools.map(
        ({ id, status, coverage }) => [id.slice('docker_hub:acme/'.length), status, coverage],
      );
    expect(await topOf()).toEqual([
      ['legacy', 'vulnerable', 'eol'],
      ['static', 'unknown', 'unsupported'],
    ]);
    expect(await topOf('--status', 'ok')).toEqual([]);
    expect(await topOf('--status', 'unknown')).toContainEqual(['static', 'unknown', 'unsupported']);
    const { tool } = await readDocument(ToolDocument, (await reader.gts(['tool', 'acme/static', '--json'])).stdout);
    expect(tool.security).toMatchObject({ status: 'unknown', coverage: 'unsupported' });
  });

  it('leaves out what was looked at not long ago, whatever could be judged then', async () => {
    const ended = await reader.gts(['scan', 'acme/static', 'acme/legacy', '--json']);
    expect((await readDocument(CatalogueScanDocument, ended.stdout)).totals).toMatchObject({
      selected: 0,
      skipped_fresh: 2,
    });
  });
});
