import { silentLog } from '@scanner/core';
import {
  aRepository,
  aTag,
  type DockerHub,
  emptyIndexTag,
  emptyRepository,
  helmTag,
  type HubFault,
  manyRepositories,
  minutesAgo,
  pluginRepository,
  privateRepository,
  repositoryOfManyTags,
  schema1Tag,
  signatureTag,
  startDockerHub,
  tagOfUnknownPlatforms,
  tagWithoutDigest,
  temporaryDirectory,
  windowsTag,
} from '@scanner/testing';
import { describe, expect, test } from 'vitest';

import { openResponseCache } from './cache/response-cache.ts';
import { DockerHubScraper } from './docker-hub-scraper.ts';
import type { ScrapeEvent, ScrapeOptions, ScrapeProgress } from './scrape/scrape-events.ts';
import { collect } from './testing/collect.ts';
import { connect, pathsAsked } from './testing/connect.ts';

const events = async (
  hub: DockerHub,
  namespaces: readonly string[],
  options: ScrapeOptions = {},
): Promise<{
  tools: Extract<ScrapeEvent, { kind: 'tool' }>[];
  summaries: Extract<ScrapeEvent, { kind: 'namespace' }>['summary'][];
  totals: Extract<ScrapeEvent, { kind: 'end' }>['totals'] | undefined;
}> => {
  await using client = connect(hub);
  const all = await collect(new DockerHubScraper(client).scrape(namespaces, options));
  return {
    tools: all.filter((event) => event.kind === 'tool'),
    summaries: all.flatMap((event) => (event.kind === 'namespace' ? [event.summary] : [])),
    totals: all.flatMap((event) => (event.kind === 'end' ? [event.totals] : []))[0],
  };
};

const tagsOf = async (hub: DockerHub, name: string, limit?: number): Promise<string[]> => {
  await using client = connect(hub);
  return await new DockerHubScraper(client).fetchAvailableTags('library', name, limit);
};

/** Tags of a repository, the first pushed last. */
const agedTags = (names: readonly string[]): ReturnType<typeof aTag>[] =>
  names.map((name, index) => aTag({ name, last_updated: minutesAgo(index), tag_last_pushed: minutesAgo(index) }));

describe('Tag fetching: successful', () => {
  test('the names are given in the order of their push', async () => {
    const tags = agedTags(['16.1', 'latest', 'alpine', '15.5']);
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'postgres', tags })] });
    expect(await tagsOf(hub, 'postgres')).toStrictEqual(['16.1', 'latest', 'alpine', '15.5']);
    expect(pathsAsked(hub)).toStrictEqual(['/v2/namespaces/library/repositories/postgres/tags']);
  });

  test('at most 50 are given unless told', async () => {
    const tags = agedTags(Array.from({ length: 60 }, (_, index) => `v${60 - index}`));
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', tags })] });
    expect(await tagsOf(hub, 'app')).toHaveLength(50);
    expect(await tagsOf(hub, 'app', 3)).toStrictEqual(['v60', 'v59', 'v58']);
    expect(await tagsOf(hub, 'app', 150)).toHaveLength(60);
  });

  test('latest, stable and alpine are looked for on their own where the list was cut, and stand at its end', async () => {
    const names = [...Array.from({ length: 110 }, (_, index) => `tip-${index}`), 'alpine', 'latest', '1.0'];
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'golang', tags: agedTags(names) })] });
    const tags = await tagsOf(hub, 'golang');
    expect(tags.slice(49)).toStrictEqual(['tip-49', 'latest', 'alpine']);
    expect(pathsAsked(hub)).toHaveLength(4);
  });

  test('what came on the one page is not looked for again, whether it is there or not', async () => {
    const names = [...Array.from({ length: 60 }, (_, index) => `tip-${index}`), 'latest'];
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'golang', tags: agedTags(names) })] });
    expect((await tagsOf(hub, 'golang')).slice(49)).toStrictEqual(['tip-49', 'latest']);
    expect(pathsAsked(hub)).toHaveLength(1);
  });

  test('what is among the newest is not looked for again', async () => {
    const names = ['latest', 'stable', ...Array.from({ length: 110 }, (_, index) => `tip-${index}`)];
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'golang', tags: agedTags(names) })] });
    expect(await tagsOf(hub, 'golang')).toHaveLength(50);
    expect(pathsAsked(hub).slice(1)).toStrictEqual(['/v2/namespaces/library/repositories/golang/tags/alpine']);
  });

  test('a tag looked for directly is dropped as any other when it is no Linux image', async () => {
    const names = Array.from({ length: 110 }, (_, index) => `tip-${index}`);
    const latest = { ...windowsTag('latest'), last_updated: minutesAgo(200), tag_last_pushed: minutesAgo(200) };
    const repository = aRepository({ name: 'app', tags: [...agedTags(names), latest] });
    await using hub = await startDockerHub({ repositories: [repository] });
    expect(await tagsOf(hub, 'app')).toStrictEqual(names.slice(0, 50));
  });

  test('signatures, other content and tags without a Linux image are left out', async () => {
    const tags = [
      signatureTag('.sig'),
      helmTag('chart'),
      windowsTag('ltsc2022'),
      schema1Tag('ancient'),
      emptyIndexTag('failed'),
      aTag({ name: '../../x' }),
      tagOfUnknownPlatforms('1.0'),
    ];
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', tags })] });
    expect(await tagsOf(hub, 'app')).toStrictEqual(['1.0']);
  });

  test('where the newest are all signatures, further pages are looked at', async () => {
    const signatures = Array.from({ length: 100 }, (_, index) => ({
      ...signatureTag('.sig', String(index % 10)),
      name: `sha256-${String(index).padStart(64, '0')}.sig`,
    }));
    const tags = [...signatures, aTag({ name: '1.0', last_updated: minutesAgo(9), tag_last_pushed: minutesAgo(9) })];
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', tags })] });
    expect(await tagsOf(hub, 'app')).toStrictEqual(['1.0']);
  });
});

describe('Tag fetching: 404', () => {
  test('a repository that is not there has no tags, and that is told in the log', async () => {
    await using hub = await startDockerHub({ repositories: [privateRepository('library', 'vault')] });
    await using client = connect(hub);
    const warnings: unknown[] = [];
    const log = { info: () => {}, debug: () => {}, warn: (...said: readonly unknown[]) => void warnings.push(said) };
    const scraper = new DockerHubScraper(client, { log });
    expect(await scraper.fetchAvailableTags('library', 'vault')).toStrictEqual([]);
    expect(await scraper.fetchAvailableTags('library', '../x')).toStrictEqual([]);
    expect(warnings).toMatchObject([
      ['the tags of a repository could not be had', { subject: 'library/vault', code: 'not_found' }],
      ['the tags of a repository could not be had', { subject: 'library/../x', code: 'bad_name' }],
    ]);
    expect(hub.requests).toHaveLength(1);
  });

  test('a repository that vanishes between list and tags is a tool without tags, and is named', async () => {
    await using hub = await startDockerHub({
      repositories: [aRepository({ name: 'gone' }), aRepository({ name: 'here' })],
    });
    hub.fail({ path: /gone\/tags/, fault: { kind: 'answer', status: 404, body: { message: 'object not found' } } });
    const { tools, totals } = await events(hub, ['library']);
    expect(tools.find(({ error }) => error !== null)).toMatchObject({
      scraped: { tool: { id: 'docker_hub:library/gone', docker_tags: [], tags_note: null }, tagsKnown: false },
      error: { subject: 'library/gone', code: 'not_found' },
    });
    expect(totals).toMatchObject({ tools: 2, errors: 1 });
  });
});

describe('Tag fetching: network error', () => {
  test.each<[string, HubFault]>([
    ['network', { kind: 'reset' }],
    ['network', { kind: 'broken', bytes: 20 }],
    ['server_error', { kind: 'html', status: 503 }],
    ['bad_answer', { kind: 'html', status: 200 }],
    ['bad_answer', { kind: 'cut', bytes: 30 }],
    ['forbidden', { kind: 'html', status: 403 }],
  ])('gives no tags (%s, %j), and the others go on', async (code, fault) => {
    await using hub = await startDockerHub({
      repositories: [aRepository({ name: 'bad' }), aRepository({ name: 'good' })],
    });
    hub.fail({ path: /bad\/tags/, fault });
    expect(await tagsOf(hub, 'bad')).toStrictEqual([]);
    const { tools, summaries } = await events(hub, ['library']);
    const byName = new Map(tools.map((event) => [event.scraped.tool.name, event]));
    expect(byName.get('bad')).toMatchObject({ scraped: { tagsKnown: false, tags: [] }, error: { code } });
    expect(byName.get('good')).toMatchObject({
      scraped: { tool: { docker_tags: ['latest'] }, tagsKnown: true },
      error: null,
    });
    expect(summaries).toMatchObject([{ name: 'library', tools: 2, error: null }]);
  });

  test('what passes is not noticed', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'shaky' })] });
    hub.fail({ path: /tags/, times: 2, fault: { kind: 'reset' } });
    hub.fail({ path: /tags/, times: 2, fault: { kind: 'html', status: 500 } });
    expect(await tagsOf(hub, 'shaky')).toStrictEqual(['latest']);
  });

  test('a preferred tag that could not be asked for leaves nothing half known', async () => {
    await using hub = await startDockerHub({ repositories: [repositoryOfManyTags('library', 'app', 200)] });
    hub.fail({ path: /tags\/stable/, fault: { kind: 'html', status: 500 } });
    const { tools } = await events(hub, ['library']);
    expect(tools).toMatchObject([
      { scraped: { tool: { docker_tags: [] }, tagsKnown: false }, error: { code: 'server_error' } },
    ]);
  });
});

describe('Tag population', () => {
  test('a repository becomes a tool with its tags, and nothing is said of its security', async () => {
    const tags = agedTags(['latest', '1.29']);
    const row = {
      name: 'nginx',
      description: 'Official build of Nginx.',
      pull_count: 12_981_954_060,
      star_count: 20_000,
    };
    await using hub = await startDockerHub({ repositories: [aRepository({ ...row, tags })] });
    const { tools } = await events(hub, ['library']);
    expect(tools[0]?.scraped).toStrictEqual({
      tool: {
        id: 'docker_hub:library/nginx',
        namespace: 'library',
        source: 'docker_hub',
        ...row,
        last_updated: '2026-11-01T08:00:00.123456Z',
        docker_tags: ['latest', '1.29'],
        tags_note: null,
        security: expect.objectContaining({ status: 'unknown', trivy_scan_date: null }),
      },
      tags: [
        expect.objectContaining({ name: 'latest', platforms: ['linux/amd64', 'linux/arm64/v8'] }),
        expect.objectContaining({ name: '1.29', digest: expect.stringMatching(/^sha256:/) }),
      ],
      tagsKnown: true,
    });
  });

  test('what came along beyond the tags that are published is kept beside them, for one request', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `1.${120 - index}`);
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', tags: agedTags(names) })] });
    const { tools } = await events(hub, ['library'], { maxTags: 30 });
    const [scraped] = tools.map((event) => event.scraped);
    expect(scraped?.tool.docker_tags).toStrictEqual(names.slice(0, 30));
    expect(scraped?.tags.map((tag) => tag.name)).toStrictEqual(names.slice(0, 100));
    expect(scraped?.tags.filter(({ published }) => published === false)).toHaveLength(70);
    expect(pathsAsked(hub).filter((path) => path.endsWith('/tags'))).toHaveLength(1);
  });

  test('of a tag without a digest the images of its platforms are known, and of those it may be compared with', async () => {
    const tags = [tagWithoutDigest('latest'), aTag({ name: '1.0' })];
    await using hub = await startDockerHub({
      repositories: [aRepository({ name: 'single', tags }), aRepository({ name: 'usual', tags: ['latest'] })],
    });
    const { tools } = await events(hub, ['library']);
    const [single, usual] = ['single', 'usual'].map(
      (name) => tools.find(({ scraped: { tool } }) => tool.name === name)?.scraped.tags,
    );
    const digest = expect.stringMatching(/^sha256:/);
    expect(single).toMatchObject([
      { name: 'latest', digest: null, imageDigests: [{ platform: 'linux/amd64', digest }] },
      {
        name: '1.0',
        imageDigests: [
          { platform: 'linux/amd64', digest },
          { platform: 'linux/arm64/v8', digest },
        ],
      },
    ]);
    expect(usual?.[0]).not.toHaveProperty('imageDigests');
  });

  test('a repository of which every tag was dropped says so; an empty one does not', async () => {
    const windows = aRepository({ namespace: 'acme', name: 'windows', tags: [windowsTag('latest')] });
    await using hub = await startDockerHub({ repositories: [windows, emptyRepository('acme', 'empty')] });
    const { tools } = await events(hub, ['acme']);
    const notes = new Map(tools.map(({ scraped: { tool } }) => [tool.name, [tool.docker_tags, tool.tags_note]]));
    expect(notes).toStrictEqual(
      new Map([
        ['windows', [[], 'no_linux_image']],
        ['empty', [[], null]],
      ]),
    );
  });

  test('tags that are missing although the repository was pushed to are not taken for none, which is a warning', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const repositories = names.map((name) => aRepository({ namespace: 'acme', name }));
    await using hub = await startDockerHub({ repositories: [...repositories, emptyRepository('acme', 'empty')] });
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 200, body: { count: 0, next: null, results: [] } } });
    const warnings: string[] = [];
    await using client = connect(hub);
    const scraper = new DockerHubScraper(client, {
      log: { ...silentLog, warn: (sentence) => warnings.push(sentence) },
    });
    const given = await collect(scraper.scrape(['acme']));
    const known = given.flatMap((event) =>
      event.kind === 'tool' ? [[event.scraped.tool.name, event.scraped.tagsKnown, event.error]] : [],
    );
    expect(new Set(known)).toStrictEqual(new Set([...names.map((name) => [name, false, null]), ['empty', true, null]]));
    expect(warnings).toStrictEqual([
      'Docker Hub lists no tags for 6 of the repositories of acme that were pushed to: those known before are kept (a, b, c, d, e and 1 more)',
    ]);
  });

  test('tags that cannot be read are no tags without a Linux image', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app' })] });
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 200, body: { count: 1, results: [{ name: null }] } } });
    const { tools } = await events(hub, ['library']);
    expect(tools).toMatchObject([
      { scraped: { tool: { tags_note: null }, tagsKnown: false }, error: { code: 'bad_answer' } },
    ]);
  });

  test('plugins and names that no repository can have become no tools, and are counted', async () => {
    const names = ['good', '../evil', 'UPPER', 'a b'];
    const repositories = names.map((name) => aRepository({ namespace: 'acme', name }));
    await using hub = await startDockerHub({ repositories: [...repositories, pluginRepository('acme', 'volumes')] });
    const { tools, summaries } = await events(hub, ['acme']);
    expect(tools.map(({ scraped }) => scraped.tool.id)).toStrictEqual(['docker_hub:acme/good']);
    expect(summaries[0]?.skipped).toStrictEqual({ plugins: 1, unreadable: 3 });
  });

  test('a long description is shortened without breaking a character', async () => {
    const description = `${'x'.repeat(999)}🐳`;
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', description })] });
    const { tools } = await events(hub, ['library']);
    expect(tools[0]?.scraped.tool.description?.isWellFormed()).toBe(true);
  });
});

describe('Namespaces', () => {
  test('one that is missing, or cannot be, is named, and the others go on', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx' })] });
    const { summaries, totals } = await events(hub, ['nobody', '../../etc', 'library']);
    expect(summaries).toMatchObject([
      { name: 'nobody', tools: 0, error: { subject: 'nobody', code: 'not_found' } },
      { name: '../../etc', tools: 0, error: { code: 'bad_name' } },
      { name: 'library', tools: 1, truncated: false, reason: null, error: null },
    ]);
    expect(totals).toStrictEqual({ tools: 1, requests: 3, cached: 0, errors: 2 });
  });

  test('one of 12,000 repositories is cut where we want no more, and says so', async () => {
    const account = { identifier: 'acme', secret: 'token' };
    await using hub = await startDockerHub({
      repositories: manyRepositories('acme', 12_000),
      accounts: [account],
      limit: false,
    });
    await using client = connect(hub, { account });
    const listed = await client.listRepositories('acme', { maxRepositories: 10_000 });
    expect([listed.rows.length, listed.count, listed.cut?.code]).toStrictEqual([10_000, 12_000, 'enough']);
    const { summaries } = await events(hub, ['acme'], { maxRepositories: 50 });
    expect(summaries).toMatchObject([{ tools: 50, truncated: true, reason: expect.stringContaining('of 12000') }]);
  });

  test('what is not shown without signing in is told, and is no error', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 250), limit: false });
    const { summaries, totals } = await events(hub, ['acme']);
    expect(summaries).toMatchObject([{ tools: 198, truncated: true, error: null }]);
    expect(summaries[0]?.reason).toBe('198 of 250 repositories seen: Docker Hub shows no more without signing in');
    expect(totals?.errors).toBe(0);
  });

  test('a page that fails in the middle cuts the list, is named, and what was seen is kept', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 150), limit: false });
    hub.fail({ path: /page=2/, fault: { kind: 'html', status: 200 } });
    const { summaries, totals } = await events(hub, ['acme']);
    expect(summaries).toMatchObject([{ tools: 99, truncated: true, error: { subject: 'acme', code: 'bad_answer' } }]);
    expect(totals?.errors).toBe(1);
  });

  test('progress counts up to all repositories', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 20) });
    const seen: ScrapeProgress[] = [];
    await events(hub, ['acme'], { onProgress: (progress) => seen.push(progress) });
    expect([seen[0], seen.at(-1), seen.length]).toStrictEqual([
      { namespace: 'acme', done: 0, total: 20 },
      { namespace: 'acme', done: 20, total: 20 },
      21,
    ]);
  });

  test('a second run comes from the cache without a request', async () => {
    await using directory = await temporaryDirectory();
    const never = aRepository({ name: 'never-pushed-to', last_updated: null, tags: [] });
    await using hub = await startDockerHub({ repositories: [...manyRepositories('library', 29), never] });
    await using client = connect(hub, { cache: openResponseCache(directory.path) });
    const scraper = new DockerHubScraper(client);
    const first = await collect(scraper.scrape(['library']));
    const second = await collect(scraper.scrape(['library']));
    expect(first.at(-1)).toMatchObject({ totals: { tools: 30, requests: 31, cached: 0 } });
    expect(second.at(-1)).toMatchObject({ totals: { tools: 30, requests: 0, cached: 31 } });
  });
});

describe('Ending a run', () => {
  test('no answer from anywhere ends it as out of reach', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx' })] });
    hub.fail({ path: /./, fault: { kind: 'reset' } });
    await expect(events(hub, ['library', 'acme'])).rejects.toMatchObject({ code: 'docker_hub_unreachable' });
  });

  test.each<[string, HubFault]>([
    ['a page to sign in', { kind: 'html', status: 200 }],
    ['a proxy that wants a login', { kind: 'html', status: 407 }],
    ['a page that refuses', { kind: 'html', status: 403 }],
    ['a redirect to another host', { kind: 'redirect', status: 302, location: 'http://portal.example/' }],
    ['JSON of something else', { kind: 'answer', status: 200, body: [] }],
  ])('%s for every namespace ends it as out of reach', async (_what, fault) => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx' })] });
    hub.fail({ path: /./, fault });
    await expect(events(hub, ['library', 'acme'])).rejects.toMatchObject({ code: 'docker_hub_unreachable' });
  });

  test('a login that a web page answers ends it as out of reach', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx' })] });
    hub.fail({ path: /auth/, fault: { kind: 'html', status: 200 } });
    await using client = connect(hub, { account: { identifier: 'me', secret: 'secret' } });
    const run = collect(new DockerHubScraper(client).scrape(['library']));
    await expect(run).rejects.toMatchObject({ code: 'docker_hub_unreachable' });
  });

  test('a refused login ends it at once', async () => {
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'nginx' })] });
    await using client = connect(hub, { account: { identifier: 'me', secret: 'wrong' } });
    const run = collect(new DockerHubScraper(client).scrape(['library']));
    await expect(run).rejects.toMatchObject({ code: 'docker_hub_login_refused' });
    expect(hub.requests).toHaveLength(1);
  });

  test('an abort ends it with its reason; what was given before stays given', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 60) });
    await using client = connect(hub);
    const stop = new AbortController();
    const given: ScrapeEvent[] = [];
    const run = async (): Promise<void> => {
      for await (const event of new DockerHubScraper(client).scrape(['acme'], { signal: stop.signal })) {
        given.push(event);
        if (given.length === 5) stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(given.length).toBeLessThan(60);
  });

  test('who takes no more results has nothing left running', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 60), latencyMs: 5 });
    await using client = connect(hub);
    for await (const event of new DockerHubScraper(client).scrape(['acme'])) if (event.kind === 'tool') break;
    const asked = hub.requests.length;
    await client.findTag('acme', 'repository-00001', 'latest');
    expect(hub.requests).toHaveLength(asked + 1);
  });
});
