import { CatalogueScanDocument, ErrorDocument, ScrapeDocument, ToolDocument } from '@scanner/core';
import {
  aRepository,
  type DockerHub,
  type DockerHubOptions,
  HOSTILE_TAG_NAMES,
  startDockerHub,
  waitUntil,
} from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';
import { readToolsFile, toolsFileOf } from './support/tools-file.ts';

const LIBRARY = ['postgres', 'redis', 'nginx'].map((name) => aRepository({ name }));
const ACME = ['shop', 'mail', 'search'].map((name) => aRepository({ namespace: 'acme', name, tags: ['2.1', '2.0'] }));

/** Somebody, and the Docker Hub that they scrape. */
interface Scraping extends AsyncDisposable {
  readonly hub: DockerHub;
  readonly user: GtsUser;
  scrape(...args: string[]): Promise<{ readonly ended: Ended; readonly document: ScrapeDocument }>;
}

const scraping = async (options: DockerHubOptions = {}): Promise<Scraping> => {
  const hub = await startDockerHub({ repositories: [...LIBRARY, ...ACME], limit: false, ...options });
  const user = await gtsUser({ DOCKERHUB_URL: hub.url, HTTPS_PROXY: 'http://127.0.0.1:1' });
  return {
    hub,
    user,
    async scrape(...args) {
      const ended = await user.gts(['scrape', '--json', ...args]);
      return { ended, document: await readDocument(ScrapeDocument, ended.stdout) };
    },
    async [Symbol.asyncDispose]() {
      await hub.stop();
      await user[Symbol.asyncDispose]();
    },
  };
};

const tagsIn = async (user: GtsUser): Promise<Record<string, string[]>> => {
  const { tools } = await readToolsFile(toolsFileOf(user));
  return Object.fromEntries(tools.map(({ id, docker_tags }) => [id, docker_tags ?? []]));
};

describe('namespaces that cannot be seen', () => {
  it('are named, and the others are stored', async () => {
    await using world = await scraping({
      repositories: [...ACME, aRepository({ namespace: 'secret', name: 'api', is_private: true })],
    });
    const { ended, document } = await world.scrape('--namespaces', 'nobody,secret,acme,Not/A/Name');
    expect(ended.exitCode).toBe(3);
    expect(document.namespaces.map(({ name, tools }) => [name, tools])).toEqual([
      ['nobody', 0],
      ['secret', 0],
      ['acme', 3],
      ['Not/A/Name', 0],
    ]);
    expect(document.errors.map(({ subject, code }) => [subject, code])).toContainEqual(['nobody', 'not_found']);
  });

  it('are cut where Docker Hub shows no more, with a warning and exit code 0', async () => {
    const repositories = Array.from({ length: 250 }, (_, index) =>
      aRepository({ namespace: 'big', name: `r${index}`, pull_count: 1000 - index }),
    );
    await using world = await scraping({ repositories });
    const { ended, document } = await world.scrape('--namespaces', 'big');
    expect(ended.exitCode).toBe(0);
    expect(document.namespaces).toMatchObject([{ name: 'big', tools: 198, truncated: true }]);
    expect(ended.stderr).toMatch(/warning: the namespace big is listed incompletely: 198 of 250/);
  });

  it('are seen whole with an account', async () => {
    const repositories = Array.from({ length: 250 }, (_, index) =>
      aRepository({ namespace: 'big', name: `r${index}` }),
    );
    await using world = await scraping({ repositories, accounts: [{ identifier: 'someone', secret: 'dckr_pat_x' }] });
    const { exitCode, stdout, stderr } = await world.user.gts(
      ['scrape', '--namespaces', 'big', '--json', '--verbose'],
      {
        DOCKERHUB_USERNAME: 'someone',
        DOCKERHUB_TOKEN: 'dckr_pat_x',
      },
    );
    const document = await readDocument(ScrapeDocument, stdout);
    expect(exitCode).toBe(0);
    expect(document.namespaces).toMatchObject([{ name: 'big', tools: 250, truncated: false }]);
    expect(stdout + stderr).not.toContain('dckr_pat_x');
  });
});

describe('answers that are not what they should be', () => {
  it('cost one repository its tags, and a known one nothing', async () => {
    await using world = await scraping();
    await world.scrape('--namespaces', 'library');
    const before = await tagsIn(world.user);
    world.hub.fail({ path: /repositories\/redis\/tags/, fault: { kind: 'html', status: 200 } });
    world.hub.put(aRepository({ name: 'new', tags: ['1.0'] }));
    world.hub.fail({ path: /repositories\/new\/tags/, fault: { kind: 'cut', bytes: 40 } });
    const { ended, document } = await world.scrape('--namespaces', 'library', '--refresh');
    expect(ended.exitCode).toBe(3);
    expect(document.errors.map(({ subject }) => subject).toSorted()).toEqual(['library/new', 'library/redis']);
    expect(await tagsIn(world.user)).toEqual({ ...before, 'docker_hub:library/new': [] });
  });

  it('lead nowhere: a next page elsewhere is not asked', async () => {
    await using elsewhere = await startDockerHub();
    await using world = await scraping();
    world.hub.fail({
      path: /namespaces\/library\/repositories\?/,
      fault: { kind: 'next', next: `${elsewhere.url}/v2/namespaces/library/repositories?page=2` },
    });
    const { ended, document } = await world.scrape('--namespaces', 'library');
    expect(ended.exitCode).toBe(3);
    expect(document.namespaces).toMatchObject([{ name: 'library', tools: 3, truncated: true }]);
    expect(elsewhere.requests).toEqual([]);
  });

  it('hold tags with hostile names, which no file and no reference takes over', async () => {
    await using world = await scraping({
      repositories: [aRepository({ name: 'odd', tags: [...HOSTILE_TAG_NAMES, '1.0'] })],
    });
    const { ended } = await world.scrape('--namespaces', 'library');
    expect(ended.exitCode).toBe(0);
    expect(await tagsIn(world.user)).toEqual({ 'docker_hub:library/odd': ['1.0'] });
    const plan = await world.user.gts(['scan', '--dry-run', '--json']);
    const { tools } = await readDocument(CatalogueScanDocument, plan.stdout);
    expect(tools).toMatchObject([{ image_ref: 'odd:1.0', rule: 'first' }]);
  });
});

describe('Docker Hub out of reach', () => {
  it('ends with 4 and says where it was looked for; what was stored stays', async () => {
    await using world = await scraping();
    await world.scrape('--namespaces', 'acme');
    await world.hub.stop();
    const { exitCode, stdout } = await world.user.gts(['scrape', '--namespaces', 'library', '--json']);
    const { error } = await readDocument(ErrorDocument, stdout);
    expect(exitCode).toBe(4);
    expect(error.code).toBe('docker_hub_unreachable');
    expect(Object.keys(await tagsIn(world.user))).toHaveLength(3);
  });

  it('is a wrong account too, without its secret in any output', async () => {
    await using world = await scraping({ accounts: [{ identifier: 'someone', secret: 'right' }] });
    const { exitCode, stdout, stderr } = await world.user.gts(['scrape', '--namespaces', 'library'], {
      DOCKERHUB_USERNAME: 'someone',
      DOCKERHUB_TOKEN: 'quite-wrong',
    });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[docker_hub_login_refused]');
    expect(stdout + stderr).not.toContain('quite-wrong');
  });
});

describe('a scrape that is stopped', () => {
  it('keeps the tools it has and says how to go on; the next one asks for the rest only', async () => {
    const repositories = Array.from({ length: 60 }, (_, index) => aRepository({ name: `r${index}` }));
    await using world = await scraping({ repositories, latencyMs: 50 });
    const running = world.user.start(['scrape', '--namespaces', 'library', '--json']);
    await waitUntil(() => (world.hub.requests.length > 20 ? true : undefined), {
      what: 'the middle of the scrape',
      timeoutMs: 30_000,
      everyMs: 5,
    });
    running.kill('SIGINT');
    const stopped = await running.ended;
    const before = await readDocument(ScrapeDocument, stopped.stdout);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain('to continue: gts scrape --namespaces library --json');
    expect(before.namespaces).toMatchObject([{ truncated: true }]);
    expect(Object.keys(await tagsIn(world.user))).toHaveLength(before.namespaces[0]?.tools ?? -1);

    const { document } = await world.scrape('--namespaces', 'library');
    expect(document.namespaces).toMatchObject([{ tools: 60, truncated: false }]);
    expect(document.totals.cached).toBeGreaterThan(0);
    expect(document.totals.requests).toBeLessThan(61);
  });
});

describe('popular', () => {
  it('is what the setting says, and never touches what is known of security', async () => {
    await using world = await scraping();
    const { exitCode } = await world.user.gts(['scrape', '--namespaces', 'popular'], { POPULAR_NAMESPACES: 'acme' });
    expect(exitCode).toBe(0);
    const { stdout } = await world.user.gts(['tool', 'acme/shop', '--json']);
    const { tool, next } = await readDocument(ToolDocument, stdout);
    expect(tool.security.status).toBe('unknown');
    expect(next).toMatchObject({ image_ref: 'acme/shop:2.1', rule: 'first' });
  });
});
