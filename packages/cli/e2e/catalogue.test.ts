import { join } from 'node:path';

import { CatalogueScanDocument, ScrapeDocument, ToolDocument, type ToolReport, TopDocument } from '@scanner/core';
import {
  alpineImageFor,
  aRepository,
  type DatabaseGeneration,
  placeDatabase,
  startFaultyProxy,
  temporaryDirectory,
  writeOciLayout,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CatalogueWorld, catalogueWorld } from './support/catalogue-world.ts';
import { type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';
import { shellOf } from './support/shell.ts';
import { readToolsFile, scannedIn, toolsFileOf } from './support/tools-file.ts';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await catalogueWorld();
  world.hub.put(aRepository({ namespace: 'acme', name: 'arm', tags: ['1.0'] }));
  await publishForOtherProcessors('acme/arm:1.0');
});
afterAll(() => world[Symbol.asyncDispose]());

/** An index of several platforms, of which none is the usual one. */
const publishForOtherProcessors = async (repositoryAndTag: string): Promise<void> => {
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  const platforms = [await alpineImageFor('arm64'), await alpineImageFor('s390x')];
  await writeOciLayout(layout, { reference: `docker.io/${repositoryAndTag}`, platforms });
  await world.registry.pushOci(layout, repositoryAndTag);
};

const aUser = (): Promise<GtsUser> => gtsUser(world.environment);

const scanOf = async (user: GtsUser, ...args: string[]): Promise<CatalogueScanDocument> =>
  readDocument(CatalogueScanDocument, (await user.gts(['scan', '--json', ...args])).stdout);

/** The tools of one status, each with why. */
const reasonsOf = ({ tools }: CatalogueScanDocument, status: ToolReport['status']): unknown[] =>
  tools.filter((tool) => tool.status === status).map(({ id, reason }) => [id, reason?.code]);

describe('the whole way from Docker Hub to a ranking', () => {
  let user: GtsUser;

  beforeAll(async () => {
    user = await aUser();
    await user.gts(['scrape', '--source', 'docker_hub', '--namespaces', 'library,acme']);
  });
  afterAll(() => user[Symbol.asyncDispose]());

  it('scans what was scraped, ranks it, and leaves a file that others read', async () => {
    const shell = await shellOf(user, world.environment);
    const scanned = await shell('gts scan --json');
    const document = await readDocument(CatalogueScanDocument, scanned.stdout);
    expect(scanned.exitCode).toBe(3);
    expect(document.totals).toMatchObject({ selected: 10, scanned: 7, failed: 3, unresolved: 3 });
    expect(reasonsOf(document, 'failed')).toEqual([
      ['docker_hub:acme/arm', 'no_such_platform'],
      ['docker_hub:acme/empty', 'network'],
      ['docker_hub:acme/gone', 'network'],
    ]);
    expect(reasonsOf(document, 'unresolved')).toEqual([
      ['docker_hub:acme/chart', 'no_such_platform'],
      ['docker_hub:acme/signed', 'no_such_platform'],
      ['docker_hub:acme/windows', 'no_such_platform'],
    ]);

    const top = await readDocument(TopDocument, (await shell('gts top --json --limit 5')).stdout);
    expect(top.tools.map(({ id, tag, counts }) => [id, tag, counts?.critical, counts?.high])).toEqual([
      ['docker_hub:acme/shop', 'latest', 3, 3],
      ['docker_hub:library/postgres', 'stable', 1, 2],
      ['docker_hub:library/redis', 'alpine', 1, 2],
      ['docker_hub:library/nginx', 'latest', 1, 2],
      ['docker_hub:acme/odd-names', 'latest', 0, 3],
    ]);
    expect(top.totals).toEqual({ ranked: 7, unknown: 6 });

    const counted = await shell(
      `cat data/processed/tools.json | jq '.tools[] | select(.security.scanned_tag != null) | .id' | wc -l`,
    );
    expect(Number(counted.stdout)).toBe(7);
    const listed = await shell(
      `cat data/processed/tools.json | jq '.tools[] | {id, scanned_tag: .security.scanned_tag}'`,
    );
    expect(listed.stdout).toContain(`{
  "id": "docker_hub:library/postgres",
  "scanned_tag": "stable"
}
{
  "id": "docker_hub:library/redis",
  "scanned_tag": "alpine"
}
`);
  });

  it('scans nothing twice: what is fresh is left out, and so is what failed within the hour', async () => {
    const { exitCode, stdout } = await user.gts(['scan', 'acme/arm', 'postgres', 'acme/shop']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Nothing to scan\n/);
    expect(stdout).toContain('2 tools scanned not long ago');
    expect(stdout).toMatch(/Failed within the hour.*no_such_platform/);
  });

  it('tells of one tool why its tag was chosen and what mends each package', async () => {
    const { exitCode, stdout } = await user.gts(['tool', 'docker_hub:library/postgres', '--json']);
    const document = await readDocument(ToolDocument, stdout);
    expect(exitCode).toBe(0);
    expect(document.scan).toMatchObject({ image_ref: 'postgres:stable', rule: 'stable', source: 'remote' });
    expect(document.packages.find((each) => each.package === 'Jinja2')).toMatchObject({ fixed: ['2.11.3', '3.1.3'] });
    const page = await user.gts(['tool', 'postgres']);
    expect(page.stdout).toContain('postgres:stable: `stable` goes before all others');
  });

  it('knows no tool that was not scraped', async () => {
    for (const args of [
      ['tool', 'nothing'],
      ['scan', 'acme/shop', 'acme/nothing'],
    ]) {
      const { exitCode, stderr } = await user.gts(args);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/has no docker_hub:\w+\/nothing/);
    }
  });

  it('scrapes again from the answers it has kept, and asks anew for a list that was empty though it should not be', async () => {
    const before = world.hub.requests.length;
    const { exitCode, stdout } = await user.gts(['scrape', '--namespaces', 'library,acme', '--json']);
    const { totals } = await readDocument(ScrapeDocument, stdout);
    expect(exitCode).toBe(0);
    expect(totals).toMatchObject({ requests: 1, errors: 0 });
    expect(world.hub.requests.slice(before).map(({ path }) => path)).toEqual([
      expect.stringContaining('library/repositories/nginx/tags?'),
    ]);
    expect(scannedIn(await readToolsFile(toolsFileOf(user)))).toHaveLength(7);
  });
});

describe('the choice of a tag', () => {
  it('is that of the examples, and a plan shows it without Trivy, a database or a registry', async () => {
    await using user = await aUser();
    await user.gts(['scrape', '--namespaces', 'library,bitnami']);
    const { exitCode, stdout } = await user.gts(['scan', '--dry-run'], {
      TRIVY_PATH: '/nowhere/trivy',
      TRIVY_DB_REPOSITORY: '127.0.0.1:1/none',
      REGISTRY_MIRRORS: undefined,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`┌───────────────────────────────┬───────────────────────────┬─────────┬───────────┐
│ Tool ID                       │ Image Ref                 │ Status  │ Last Scan │
├───────────────────────────────┼───────────────────────────┼─────────┼───────────┤
│ docker_hub:bitnami/postgresql │ bitnami/postgresql:16.1.0 │ UNKNOWN │ Never     │
│ docker_hub:library/nginx      │ nginx:latest              │ UNKNOWN │ Never     │
│ docker_hub:library/postgres   │ postgres:stable           │ UNKNOWN │ Never     │
│ docker_hub:library/redis      │ redis:alpine              │ UNKNOWN │ Never     │
└───────────────────────────────┴───────────────────────────┴─────────┴───────────┘
4 tools would be scanned; nothing was
`);
    const planned = await scanOf(user, '--dry-run', '--tag', 'mainline', '--namespace', 'library');
    expect(planned).toMatchObject({ dry_run: true, totals: { selected: 3, scanned: 0 } });
    expect(planned.tools.map(({ image_ref, rule }) => `${image_ref} ${rule}`)).toEqual([
      'nginx:mainline default',
      'postgres:stable stable',
      'redis:alpine alpine',
    ]);
  });
});

/** Puts a database in place by hand, as on a machine without a network. */
const layDatabase = ({ cache }: GtsUser, generation: DatabaseGeneration): Promise<void> =>
  placeDatabase(join(cache, 'gts'), generation, { updatedAt: new Date(Date.now() + generation) });

describe('a newer database', () => {
  it('is matched against what is known of an unchanged image, without a pull', async () => {
    await using proxy = await startFaultyProxy(world.registry.url, []);
    await using user = await aUser();
    const mirror = ['--skip-db-update', '--registry-mirror', `docker.io=${proxy.host}`];
    await layDatabase(user, 1);
    await user.gts(['scrape', '--namespaces', 'library']);
    const first = await scanOf(user, 'redis', ...mirror);
    const blobs = (): string[] => proxy.requests.filter((request) => request.includes('/blobs/'));
    const pulled = blobs().length;
    expect(pulled).toBeGreaterThan(0);
    expect(first.tools).toMatchObject([{ status: 'scanned', reused: 'none', counts: { medium: 3 } }]);

    const same = await scanOf(user, 'redis', '--force', ...mirror);
    expect(same.tools).toMatchObject([{ status: 'scanned', reused: 'result', counts: { medium: 3 } }]);
    expect(blobs()).toHaveLength(pulled);

    await layDatabase(user, 2);
    const matched = await scanOf(user, 'redis', '--force', ...mirror);
    expect(matched.tools).toMatchObject([{ status: 'scanned', reused: 'analysis', counts: { medium: 1 } }]);
    expect(blobs()).toHaveLength(pulled);
  });
});
