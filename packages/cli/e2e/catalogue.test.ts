import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CatalogueScanDocument, ScrapeDocument, ToolDocument, TopDocument } from '@scanner/core';
import {
  type DatabaseGeneration,
  databaseFile,
  databaseMetadata,
  type DockerHub,
  startFaultyProxy,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { catalogueHub, type CatalogueWorld, catalogueWorld } from './support/catalogue-world.ts';
import { type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';
import { shellOf } from './support/shell.ts';
import { readToolsFile, scannedIn, toolsFileOf } from './support/tools-file.ts';

let world: CatalogueWorld;
let hub: DockerHub;

beforeAll(async () => {
  [world, hub] = await Promise.all([catalogueWorld(), catalogueHub()]);
});
afterAll(async () => {
  await hub.stop();
  await world[Symbol.asyncDispose]();
});

const aUser = (): Promise<GtsUser> => gtsUser({ ...world.environment, DOCKERHUB_URL: hub.url });

const scanOf = async (user: GtsUser, ...args: string[]): Promise<CatalogueScanDocument> =>
  readDocument(CatalogueScanDocument, (await user.gts(['scan', '--json', ...args])).stdout);

describe('the whole way from Docker Hub to a ranking', () => {
  let user: GtsUser;

  beforeAll(async () => {
    user = await aUser();
    await user.gts(['scrape', '--source', 'docker_hub', '--namespaces', 'library,acme']);
  });
  afterAll(() => user[Symbol.asyncDispose]());

  it('scans what was scraped, ranks it, and leaves a file that others read', async () => {
    const shell = await shellOf(user, { ...world.environment, DOCKERHUB_URL: hub.url });
    const scanned = await shell('gts scan --json');
    const document = await readDocument(CatalogueScanDocument, scanned.stdout);
    expect(scanned.exitCode).toBe(3);
    expect(document.totals).toMatchObject({ selected: 5, scanned: 4, failed: 1, unresolved: 1 });
    expect(document.tools.find(({ status }) => status === 'failed')).toMatchObject({
      id: 'docker_hub:acme/arm',
      reason: { code: 'no_such_platform' },
    });

    const top = await readDocument(TopDocument, (await shell('gts top --json --limit 20')).stdout);
    expect(top.tools.map(({ id, tag, counts }) => [id, tag, counts?.critical, counts?.high])).toEqual([
      ['docker_hub:acme/api', 'latest', 3, 3],
      ['docker_hub:library/postgres', 'stable', 1, 2],
      ['docker_hub:library/redis', 'alpine', 1, 2],
      ['docker_hub:library/nginx', 'latest', 1, 2],
    ]);
    expect(top.totals).toEqual({ ranked: 4, unknown: 2 });

    const counted = await shell(
      `cat data/processed/tools.json | jq '.tools[] | select(.security.scanned_tag != null) | .id' | wc -l`,
    );
    expect(Number(counted.stdout)).toBe(4);
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
    const { exitCode, stdout } = await user.gts(['scan']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Nothing to scan\n/);
    expect(stdout).toContain('4 tools scanned not long ago');
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
      ['scan', 'acme/api', 'acme/nothing'],
    ]) {
      const { exitCode, stderr } = await user.gts(args);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/has no docker_hub:\w+\/nothing/);
    }
  });

  it('scrapes again from the answers it has kept, without a request', async () => {
    const before = hub.requests.length;
    const { exitCode, stdout } = await user.gts(['scrape', '--namespaces', 'library,acme', '--json']);
    const { totals } = await readDocument(ScrapeDocument, stdout);
    expect(exitCode).toBe(0);
    expect(totals).toMatchObject({ requests: 0, errors: 0 });
    expect(hub.requests).toHaveLength(before);
    expect(scannedIn(await readToolsFile(toolsFileOf(user)))).toHaveLength(4);
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
const layDatabase = async ({ cache }: GtsUser, generation: DatabaseGeneration): Promise<void> => {
  const directory = join(cache, 'gts', 'db');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'trivy.db'), await databaseFile(generation));
  const metadata = databaseMetadata({ updatedAt: new Date(Date.now() + generation) });
  await writeFile(join(directory, 'metadata.json'), JSON.stringify(metadata));
};

describe('a newer database', () => {
  it('is matched against what is known of an unchanged image, without a layer of it', async () => {
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
    const configurationOnly = pulled + 1;
    expect(blobs()).toHaveLength(configurationOnly);
  });
});
