import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

import { ScannerError } from '@scanner/core';
import {
  aRepository,
  aTag,
  type DockerHubOptions,
  type HubFault,
  manyRepositories,
  minutesAgo,
  repositoryOfManyTags,
  startDockerHub,
  temporaryDirectory,
} from '@scanner/testing';
import { describe, expect, test } from 'vitest';

import { openResponseCache } from './cache/response-cache.ts';
import { lifetimeOf } from './connection/account-session.ts';
import { DockerHubClient } from './docker-hub-client.ts';
import { DockerHubError } from './docker-hub-error.ts';
import { connect, pathsAsked } from './testing/connect.ts';
import { instantTiming } from './testing/instant-timing.ts';

const MANY = { maxRepositories: 10_000 };
const ACCOUNT = { identifier: 'acme', secret: 'dckr_pat_do-not-show' };

const acmeWith = (options: DockerHubOptions = {}): DockerHubOptions => ({
  repositories: [aRepository({ namespace: 'acme', name: 'api', tags: ['2.0', 'latest'] })],
  ...options,
});

const codeOf = async (asked: Promise<unknown>): Promise<string> => {
  const error: unknown = await asked.then(
    () => new Error('it was answered'),
    (error: unknown) => error,
  );
  return DockerHubError.is(error) || ScannerError.is(error) ? error.code : String(error);
};

describe('Listing repositories', () => {
  test('all are given, the most pulled first, with page after page', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('library', 181).toReversed() });
    await using client = connect(hub);
    const { rows, cut } = await client.listRepositories('library', MANY);
    expect([rows.length, rows[0]?.name, rows[180]?.name]).toStrictEqual([181, 'repository-00001', 'repository-00181']);
    expect(cut).toBeNull();
    expect(client.traffic).toStrictEqual({ requests: 2, cached: 0 });
  });

  test('198 are seen without signing in, and why not more', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 452) });
    await using client = connect(hub);
    const { rows, count, cut } = await client.listRepositories('acme', MANY);
    expect([rows.length, rows[0]?.name, count]).toStrictEqual([198, 'repository-00001', 452]);
    expect(cut).toStrictEqual({ code: 'depth_limit', message: 'Docker Hub shows no more without signing in' });
    expect(hub.requests).toHaveLength(3);
  });

  test('all are seen by who has signed in', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 452), accounts: [ACCOUNT] });
    await using client = connect(hub, { account: ACCOUNT });
    const { rows, cut } = await client.listRepositories('acme', MANY);
    expect([rows.length, cut]).toStrictEqual([452, null]);
  });

  test('no more than wanted are asked for', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 452), accounts: [ACCOUNT] });
    await using client = connect(hub, { account: ACCOUNT });
    const { rows, cut } = await client.listRepositories('acme', { maxRepositories: 150 });
    expect([rows.length, cut?.code, hub.requests.length]).toStrictEqual([150, 'enough', 3]);
  });

  test('should Docker Hub order as it documents one day, the other end is asked for', async () => {
    await using hub = await startDockerHub({
      repositories: manyRepositories('acme', 250),
      direction: 'as_documented',
    });
    await using client = connect(hub);
    const { rows } = await client.listRepositories('acme', MANY);
    expect([rows.length, rows[0]?.name]).toStrictEqual([198, 'repository-00001']);
  });

  test('a repository that goes away in the middle is no error', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 100) });
    const change: HubFault = {
      kind: 'change',
      change: (answer) => {
        hub.remove('acme', 'repository-00050');
        return answer;
      },
    };
    hub.fail({ path: /repositories\?/, times: 1, fault: change });
    await using client = connect(hub);
    expect(await client.listRepositories('acme', MANY)).toMatchObject({ rows: { length: 99 }, cut: null });
  });

  test('numbers beyond 32 bits and descriptions in any script come through; odd rows cost only themselves', async () => {
    const nginx = aRepository({ name: 'nginx', pull_count: 12_981_954_060, description: 'Сервер 服务器 🐳' });
    await using hub = await startDockerHub({ repositories: [nginx] });
    const odd = [
      null,
      7,
      {},
      { name: '' },
      { name: 'x'.repeat(300) },
      { name: 'odd', pull_count: 'many', description: 3 },
    ];
    hub.fail({
      path: /repositories\?/,
      fault: {
        kind: 'change',
        change: (answer) => ({ ...answer, body: { count: 7, next: null, results: [nginx.row, ...odd] } }),
      },
    });
    await using client = connect(hub);
    const { rows, unreadable, cut } = await client.listRepositories('library', MANY);
    expect([unreadable, cut]).toStrictEqual([5, null]);
    expect(rows[0]).toMatchObject({ pull_count: 12_981_954_060, description: 'Сервер 服务器 🐳' });
    expect(rows[1]).toMatchObject({ name: 'odd', pull_count: null, description: null });
  });

  test('a namespace that is not there, or not shown, is not found', async () => {
    await using hub = await startDockerHub();
    await using client = connect(hub);
    expect(await codeOf(client.listRepositories('nobody', MANY))).toBe('not_found');
  });
});

describe('Pages that are not to be trusted', () => {
  test.each<[string, HubFault, string]>([
    ['lies on another host', { kind: 'next', next: 'https://evil.example/v2/' }, 'bad_address'],
    ['is the page itself', { kind: 'next', next: (url) => url.href }, 'bad_address'],
    ['repeats the first one for ever', { kind: 'same_page' }, 'bad_address'],
    ['is none', { kind: 'next', next: 'http://[' }, 'bad_address'],
  ])('where the next page %s, the first one is kept', async (_how, fault, code) => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 150) });
    hub.fail({ path: /repositories\?/, fault });
    await using client = connect(hub);
    const { rows, cut } = await client.listRepositories('acme', MANY);
    expect([rows.length, cut?.code]).toStrictEqual([99, code]);
    expect(hub.requests.length).toBeLessThanOrEqual(2);
  });

  test('a relative address of the next page is followed', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 150) });
    hub.fail({
      path: /repositories\?/,
      times: 1,
      fault: { kind: 'next', next: '?page=2&page_size=99&ordering=pull_count' },
    });
    await using client = connect(hub);
    expect((await client.listRepositories('acme', MANY)).rows).toHaveLength(150);
  });

  test.each<[string, HubFault, string, number]>([
    ['a web page', { kind: 'html', status: 200 }, 'bad_answer', 1],
    ['a web page that says not found', { kind: 'html', status: 404 }, 'bad_answer', 1],
    ['a web page that asks for a human', { kind: 'html', status: 403 }, 'forbidden', 1],
    ['cut JSON', { kind: 'cut', bytes: 400 }, 'bad_answer', 1],
    ['another document', { kind: 'answer', status: 200, body: { hello: 1 } }, 'bad_answer', 1],
    [
      'rows that are counted and not there',
      { kind: 'answer', status: 200, body: { count: 5, results: [] } },
      'bad_answer',
      1,
    ],
    ['a body that does not end', { kind: 'endless' }, 'too_large', 1],
    ['a redirect to another host', { kind: 'redirect', location: 'https://evil.example/' }, 'bad_address', 1],
    ['redirects without end', { kind: 'redirect', location: (url) => url.href }, 'bad_address', 6],
    ['a bad request', { kind: 'answer', status: 400, body: { text: 'Invalid ordering value' } }, 'bad_answer', 1],
    ['a broken connection', { kind: 'broken', bytes: 100 }, 'network', 3],
    ['a reset connection', { kind: 'reset' }, 'network', 3],
    ['a web page of a server that is down', { kind: 'html', status: 503 }, 'server_error', 3],
  ])('%s is told apart and asked for again only where that may help', async (_what, fault, code, requests) => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /repositories/, fault });
    await using client = connect(hub, { retries: 2, maxBytes: 1_000_000 });
    expect(await codeOf(client.listRepositories('acme', MANY))).toBe(code);
    expect(hub.requests).toHaveLength(requests);
  });

  test.each<[string, HubFault]>([
    ['no answer', { kind: 'stall' }],
    ['an answer that trickles', { kind: 'slow', bytes: 1, everyMs: 5 }],
  ])('%s ends in time', async (_what, fault) => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /repositories/, fault });
    await using client = connect(hub, { retries: 0, timeoutMs: 30 });
    expect(await codeOf(client.listRepositories('acme', MANY))).toBe('timeout');
  });

  test.each<[string, (json: string) => Extract<HubFault, { kind: 'answer' }>]>([
    ['a byte-order mark', (json) => ({ kind: 'answer', status: 200, body: Buffer.from(`\u{feff}${json}`) })],
    [
      'another name for JSON',
      (json) => ({ kind: 'answer', status: 200, body: json, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
    ],
    [
      'gzip that nobody asked for',
      (json) => ({
        kind: 'answer',
        status: 200,
        body: gzipSync(json),
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
      }),
    ],
  ])('%s does no harm', async (_what, faultOf) => {
    await using hub = await startDockerHub(acmeWith());
    const { row } = aRepository({ namespace: 'acme', name: 'api' });
    hub.fail({ path: /repositories/, fault: faultOf(JSON.stringify({ count: 1, next: null, results: [row] })) });
    await using client = connect(hub);
    expect((await client.listRepositories('acme', MANY)).rows).toMatchObject([{ name: 'api' }]);
    expect(hub.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  const spaces = Buffer.alloc(4_000_000, ' ');
  test.each<[string, string, Buffer, string]>([
    ['gzip', 'more than may be read', gzipSync(spaces), 'too_large'],
    ['x-gzip', 'more than may be read', gzipSync(spaces), 'too_large'],
    ['deflate', 'more than may be read', deflateSync(spaces), 'too_large'],
    ['br', 'more than may be read', brotliCompressSync(spaces), 'too_large'],
    ['zstd', 'what nobody inflates', zstdCompressSync(spaces), 'bad_answer'],
    ['gzip', 'nothing', Buffer.from('no gzip'), 'bad_answer'],
    ['constructor', 'nothing', Buffer.from('no JSON'), 'bad_answer'],
  ])('%s that inflates to %s is refused', async (encoding, _what, body, code) => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /./, fault: { kind: 'answer', status: 200, body, headers: { 'content-encoding': encoding } } });
    await using client = connect(hub, { maxBytes: 1_000_000 });
    expect(await codeOf(client.listRepositories('acme', MANY))).toBe(code);
  });

  test.each(['{"count":1,"results":[', '['])('JSON nested without end is no answer: %s', async (start) => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith());
    const body = `${start}${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}${start.length > 1 ? ']}' : ']'}`;
    hub.fail({ path: /./, fault: { kind: 'answer', status: 200, body } });
    await using client = connect(hub, { cache: openResponseCache(directory.path) });
    expect(await codeOf(client.listRepositories('acme', MANY))).toBe('bad_answer');
    expect(await codeOf(client.findTag('acme', 'api', 'latest'))).toBe('bad_answer');
  });

  test('a list without rows may be written as null', async () => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 200, body: { count: 0, next: null, results: null } } });
    await using client = connect(hub);
    expect(await client.listTags('acme', 'api', { limit: 50 })).toMatchObject({ rows: [], cut: null });
  });

  test('a row that comes twice is no row that is missing', async () => {
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 19) });
    const change: HubFault = {
      kind: 'change',
      change: (answer) => ({
        ...answer,
        body: {
          count: 19,
          next: null,
          results: [...manyRepositories('acme', 18), ...manyRepositories('acme', 1)].map(({ row }) => row),
        },
      }),
    };
    hub.fail({ path: /repositories\?/, fault: change });
    await using client = connect(hub);
    expect(await client.listRepositories('acme', MANY)).toMatchObject({ rows: { length: 18 }, cut: null });
  });

  test('redirects within the host are followed', async () => {
    await using hub = await startDockerHub(acmeWith());
    const location = (url: URL): string => `${url.pathname}/${url.search}`;
    hub.fail({ path: /repositories\?/, fault: { kind: 'redirect', location } });
    await using client = connect(hub);
    expect((await client.listRepositories('acme', MANY)).rows).toHaveLength(1);
  });
});

describe('Tags', () => {
  test('the newest are given first, whatever order they come in', async () => {
    const tags = [5, 1, 3].map((age) =>
      aTag({ name: `v${age}`, last_updated: minutesAgo(age), tag_last_pushed: minutesAgo(age) }),
    );
    await using hub = await startDockerHub({ repositories: [aRepository({ name: 'app', tags })] });
    hub.fail({
      path: /tags/,
      fault: { kind: 'change', change: (answer) => ({ ...answer, body: { count: 3, next: null, results: tags } }) },
    });
    await using client = connect(hub);
    const { rows } = await client.listTags('library', 'app', { limit: 50 });
    expect(rows.map(({ name }) => name)).toStrictEqual(['v1', 'v3', 'v5']);
  });

  test('of 17,000 tags one page is asked for', async () => {
    await using hub = await startDockerHub({ repositories: [repositoryOfManyTags('library', 'openjdk', 17_000)] });
    await using client = connect(hub);
    const { rows, cut } = await client.listTags('library', 'openjdk', { limit: 50 });
    expect([rows.length, rows[0]?.name, cut?.code]).toStrictEqual([100, 'nightly-17000', 'enough']);
    expect(hub.requests).toHaveLength(1);
  });

  test('a tag is found or not, and its name is never more than a name', async () => {
    await using hub = await startDockerHub(acmeWith());
    await using client = connect(hub);
    expect(await client.findTag('acme', 'api', 'latest')).toMatchObject({ name: 'latest' });
    expect(await client.findTag('acme', 'api', 'stable')).toBeNull();
    expect(await client.findTag('acme', 'api', '../../x?y#z')).toBeNull();
    expect(hub.requests.at(-1)?.path).toBe('/v2/namespaces/acme/repositories/api/tags/..%2F..%2Fx%3Fy%23z');
  });
});

describe('Limits', () => {
  test('a run of more requests than a minute allows never meets a refusal and uses the minute well', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub({
      repositories: manyRepositories('library', 190),
      now: () => timing.clock.now().getTime(),
    });
    await using client = connect(hub, { timing });
    for (let turn = 0; turn < 400; turn += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          client.findTag('library', `repository-00${String(turn / 4 + index).padStart(3, '0')}`, 'latest'),
        ),
      );
    }
    expect(hub.requests.filter(({ status }) => status === 429)).toHaveLength(0);
    expect(hub.requests).toHaveLength(400);
    expect(timing.clock.elapsed()).toBeLessThanOrEqual(122_000);
  });

  test('where no limit is spoken of, eight are asked at once', async () => {
    await using hub = await startDockerHub(acmeWith({ limit: false, latencyMs: 5 }));
    await using client = connect(hub);
    await Promise.all(Array.from({ length: 40 }, (_, index) => client.findTag('acme', 'api', `v${index}`)));
    expect(hub.mostAtOnce).toBe(8);
  });

  test.each(['seconds', 'http_date', 'epoch', 'x_epoch'] as const)(
    'a refusal that names the time by %s is waited for, by all',
    async (refusal) => {
      const timing = instantTiming();
      await using hub = await startDockerHub(acmeWith({ limit: false, now: () => timing.clock.now().getTime() }));
      hub.fail({ path: /tags/, times: 1, fault: { kind: 'refused', refusal, seconds: 30 } });
      await using client = connect(hub, { timing });
      expect(await client.findTag('acme', 'api', 'latest')).not.toBeNull();
      expect(timing.waits).toStrictEqual([30_000]);
    },
  );

  test.each(['silent', 'abuse'] as const)(
    'a refusal that is %s about the time is met with patience',
    async (refusal) => {
      const timing = instantTiming();
      await using hub = await startDockerHub(acmeWith({ limit: false }));
      hub.fail({ path: /tags/, times: 3, fault: { kind: 'refused', refusal, seconds: 30 } });
      await using client = connect(hub, { timing });
      expect(await client.findTag('acme', 'api', 'latest')).not.toBeNull();
      expect(timing.waits).toStrictEqual([375, 750, 1500]);
    },
  );

  test.each<[string, Record<string, string>]>([
    ['at once', { 'retry-after': '0' }],
    ['in the past', { 'x-retry-after': '1700000000' }],
    ['at a date that is over', { 'retry-after': 'Sun, 22 Nov 2020 10:00:00 GMT' }],
  ])('a refusal that says to come back %s is met with patience all the same', async (_when, headers) => {
    const timing = instantTiming();
    await using hub = await startDockerHub(acmeWith({ limit: false }));
    hub.fail({ path: /tags/, times: 3, fault: { kind: 'answer', status: 429, headers } });
    hub.fail({ path: /tags/, times: 1, fault: { kind: 'answer', status: 503, headers } });
    await using client = connect(hub, { timing });
    expect(await client.findTag('acme', 'api', 'latest')).not.toBeNull();
    expect(timing.waits).toStrictEqual([375, 750, 1500, 375]);
  });

  test('a limit that names no end and lasts for 25 s costs nobody an answer', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 40), limit: false });
    const end = timing.clock.elapsed() + 25_000;
    hub.fail({
      path: /tags/,
      fault: {
        kind: 'change',
        change: (answer) =>
          timing.clock.elapsed() < end ? { status: 429, body: 'Too Many Requests (HAP429).\n' } : answer,
      },
    });
    await using client = connect(hub, { timing });
    const names = manyRepositories('acme', 40).map(({ row }) => row['name']);
    const found = await Promise.all(names.map((name) => client.findTag('acme', name, 'latest')));
    expect(found.filter((tag) => tag === null)).toHaveLength(0);
    expect(hub.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(8 + 6);
  });

  test('one that does not end is given up for all, after a few requests and the longest wait', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub({ repositories: manyRepositories('acme', 200), limit: false });
    hub.fail({ path: /tags/, fault: { kind: 'refused', refusal: 'abuse', seconds: 0 } });
    await using client = connect(hub, { timing });
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => codeOf(client.findTag('acme', 'x', `v${index}`))),
    );
    expect(new Set(codes)).toStrictEqual(new Set(['rate_limited']));
    expect(hub.requests.length).toBeLessThanOrEqual(8 + 12);
    expect(timing.clock.elapsed()).toBeLessThanOrEqual(600_000);
    timing.moveBy(300_000);
    hub.recover();
    expect(await client.findTag('acme', 'repository-00001', 'latest')).not.toBeNull();
  });

  test('a request that alone is refused fails alone', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub(acmeWith({ limit: false }));
    hub.fail({ path: /tags\/bad/, fault: { kind: 'refused', refusal: 'abuse', seconds: 0 } });
    await using client = connect(hub, { timing, maxWaitMs: 20_000 });
    const others = async (): Promise<void> => {
      for (let turn = 0; turn < 200; turn += 1) await client.findTag('acme', 'api', `v${turn}`);
    };
    const [code] = await Promise.all([codeOf(client.findTag('acme', 'api', 'bad')), others()]);
    expect(code).toBe('rate_limited');
  });

  test('who is told to come back in an hour fails at once, and so does the next', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub(acmeWith({ limit: false }));
    hub.fail({ path: /tags/, fault: { kind: 'refused', refusal: 'seconds', seconds: 3600 } });
    await using client = connect(hub, { timing });
    expect(await codeOf(client.findTag('acme', 'api', 'latest'))).toBe('rate_limited');
    expect(await codeOf(client.findTag('acme', 'api', 'stable'))).toBe('rate_limited');
    expect([hub.requests.length, timing.waits]).toStrictEqual([1, []]);
  });

  test('what fails in passing is asked for five times more, each time after a longer wait', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 500 } });
    await using client = connect(hub, { timing });
    expect(await codeOf(client.findTag('acme', 'api', 'latest'))).toBe('server_error');
    expect(timing.waits).toStrictEqual([375, 750, 1500, 3000, 6000]);
    hub.recover();
    expect(await client.findTag('acme', 'api', 'latest')).not.toBeNull();
  });

  test('a server that is down for an hour by its own words is not waited for', async () => {
    const timing = instantTiming();
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 503, headers: { 'retry-after': '3600' } } });
    await using client = connect(hub, { timing });
    expect(await codeOf(client.findTag('acme', 'api', 'latest'))).toBe('server_error');
    expect([hub.requests.length, timing.waits]).toStrictEqual([1, []]);
  });

  test('an abort ends what is under way with its reason', async () => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /tags/, fault: { kind: 'stall' } });
    await using client = connect(hub);
    const stop = new AbortController();
    const asked = client.findTag('acme', 'api', 'latest', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 10);
    await expect(asked).rejects.toThrow('enough');
  });

  test('an abort ends the waiting for a place', async () => {
    await using hub = await startDockerHub(acmeWith());
    hub.fail({ path: /tags/, fault: { kind: 'stall' } });
    await using client = connect(hub, { maxAtOnce: 1 });
    const stop = new AbortController();
    const asked = ['latest', 'stable'].map((tag) => client.findTag('acme', 'api', tag, { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('enough')), 10);
    const ends = await Promise.allSettled(asked);
    expect(ends.map((end) => end.status === 'rejected' && String(end.reason))).toStrictEqual([
      'Error: enough',
      'Error: enough',
    ]);
    expect(hub.requests).toHaveLength(1);
  });
});

describe('Signing in', () => {
  test('happens once for many requests, and again before the token expires', async () => {
    const timing = instantTiming();
    const now = (): number => timing.clock.now().getTime();
    await using hub = await startDockerHub(acmeWith({ accounts: [ACCOUNT], now }));
    await using client = connect(hub, { account: ACCOUNT, timing });
    const ask = (): Promise<unknown> =>
      Promise.all(['latest', '2.0', 'x'].map((tag) => client.findTag('acme', 'api', tag)));
    const logins = (): number => hub.requests.filter(({ method }) => method === 'POST').length;
    await ask();
    timing.moveBy(400_000);
    await ask();
    expect(logins()).toBe(1);
    timing.moveBy(100_000);
    await ask();
    expect(logins()).toBe(2);
    expect(hub.requests.filter(({ status }) => status === 401)).toHaveLength(0);
  });

  test('happens again, once, when a token no longer holds', async () => {
    await using hub = await startDockerHub(acmeWith({ accounts: [ACCOUNT] }));
    await using client = connect(hub, { account: ACCOUNT });
    await client.findTag('acme', 'api', 'latest');
    hub.forgetSessions();
    expect(await client.findTag('acme', 'api', '2.0')).not.toBeNull();
    hub.fail({ path: /tags/, fault: { kind: 'answer', status: 401, body: {} } });
    expect(await codeOf(client.findTag('acme', 'api', 'stable'))).toBe('unauthorized');
  });

  test('with wrong credentials ends the run, and the secret is not shown', async () => {
    await using hub = await startDockerHub(acmeWith({ accounts: [{ ...ACCOUNT, secret: 'another' }] }));
    await using client = connect(hub, { account: ACCOUNT });
    const error: unknown = await client.findTag('acme', 'api', 'latest').catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'docker_hub_login_refused' });
    expect(JSON.stringify(error) + String(error)).not.toContain(ACCOUNT.secret);
  });

  test.each([
    ['detail', 'Too many failed login attempts. Please try again in 10 minute(s).', 'wait'],
    ['detail', 'Require secondary authentication on MFA enabled account', 'personal access token'],
    ['message', `\u001B[2Junauthorized: ${ACCOUNT.secret}\r\nsecond line`, 'check the user name'],
  ])('that is refused passes on what Docker Hub says of it (%s: %s)', async (field, says, advice) => {
    await using hub = await startDockerHub(acmeWith({ accounts: [ACCOUNT] }));
    hub.fail({ path: /auth/, fault: { kind: 'answer', status: 401, body: { [field]: says } } });
    await using client = connect(hub, { account: ACCOUNT });
    const error: unknown = await client.findTag('acme', 'api', 'latest').catch((error: unknown) => error);
    if (!ScannerError.is(error)) throw new Error('it was not refused');
    expect([error.code, error.hint]).toStrictEqual(['docker_hub_login_refused', expect.stringContaining(advice)]);
    expect(error.message).toContain(says.slice(5, 18));
    expect(error.message).not.toMatch(/[\p{Cc}]/u);
    expect(error.message).not.toContain(ACCOUNT.secret);
  });

  test('goes on for others when whoever began it gives up', async () => {
    await using hub = await startDockerHub(acmeWith({ accounts: [ACCOUNT] }));
    hub.fail({ path: /auth/, times: 1, fault: { kind: 'stall' } });
    await using client = connect(hub, { account: ACCOUNT });
    const stop = new AbortController();
    const first = client.findTag('acme', 'api', 'latest', { signal: stop.signal });
    const second = client.findTag('acme', 'api', '2.0');
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(first).rejects.toThrow('enough');
    expect(await second).toMatchObject({ name: '2.0' });
  });

  test('is refused where the secret would go over the network as it is', () => {
    expect(() => new DockerHubClient({ baseUrl: 'http://hub.example', account: ACCOUNT })).toThrow(ScannerError);
    expect(() => new DockerHubClient({ baseUrl: 'not an address' })).toThrow(ScannerError);
  });

  test('a token lives as long as it says, else ten minutes', () => {
    const token = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
    expect(lifetimeOf(token({ iat: 100, exp: 400 }))).toBe(300_000);
    expect(['', 'opaque', token({}), token({ iat: 400, exp: 100 })].map(lifetimeOf)).toStrictEqual(
      Array(4).fill(600_000),
    );
  });

  test('requests name the program, and only those of the account carry its token', async () => {
    await using hub = await startDockerHub(acmeWith());
    await using client = connect(hub, { userAgent: 'gts/1.2.3' });
    await client.findTag('acme', 'api', 'latest');
    expect(hub.requests[0]?.headers).toMatchObject({ 'user-agent': 'gts/1.2.3', accept: 'application/json' });
    expect(hub.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('The cache', () => {
  test('spares requests, for what is there and for what is not, until a refresh', async () => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith());
    const cache = openResponseCache(directory.path);
    await using client = connect(hub, { cache });
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await client.listRepositories('acme', MANY)).rows).toHaveLength(1);
      expect(await client.findTag('acme', 'api', 'stable')).toBeNull();
    }
    expect(client.traffic).toStrictEqual({ requests: 2, cached: 2 });
    await client.findTag('acme', 'api', 'stable', { refresh: true });
    expect(client.traffic).toStrictEqual({ requests: 3, cached: 2 });
  });

  test.each<[string, HubFault]>([
    ['a refusal to page on', { kind: 'answer', status: 403, body: { message: 'pagination offset too large' } }],
    ['a web page', { kind: 'html', status: 200 }],
    ['a web page that says not found', { kind: 'html', status: 404 }],
    ['another document', { kind: 'answer', status: 200, body: {} }],
    ['an error of the server', { kind: 'answer', status: 500, body: {} }],
    ['cut JSON', { kind: 'cut', bytes: 50 }],
    ['rows that are counted and not there', { kind: 'answer', status: 200, body: { count: 5, results: [] } }],
  ])('never keeps %s', async (_what, fault) => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith());
    await using client = connect(hub, { cache: openResponseCache(directory.path), retries: 0 });
    hub.fail({ path: /./, fault });
    await codeOf(client.listRepositories('acme', MANY));
    hub.recover();
    expect((await client.listRepositories('acme', MANY)).rows).toHaveLength(1);
    expect(client.traffic.cached).toBe(0);
  });

  test.each<[string, HubFault]>([
    ['a list that is missing', { kind: 'answer', status: 404, body: { message: 'object not found' } }],
    ['a list that is empty', { kind: 'answer', status: 200, body: { count: 0, next: null, results: [] } }],
  ])('does not believe %s for a day', async (_what, fault) => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith());
    await using client = connect(hub, { cache: openResponseCache(directory.path) });
    hub.fail({ path: /tags|repositories\?/, fault });
    await codeOf(client.listTags('acme', 'api', { limit: 50 }));
    await codeOf(client.listRepositories('acme', MANY));
    hub.recover();
    expect((await client.listTags('acme', 'api', { limit: 50 })).rows).toHaveLength(2);
    expect((await client.listRepositories('acme', MANY)).rows).toHaveLength(1);
    expect(client.traffic).toStrictEqual({ requests: 4, cached: 0 });
  });

  test('does not believe a list that an older version kept as missing', async () => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith());
    const cache = openResponseCache(directory.path);
    const asked = '/v2/namespaces/acme/repositories/api/tags?ordering=last_updated&page_size=50';
    await cache.keep(`GET ${hub.url}${asked} anonymous`, null);
    await using client = connect(hub, { cache });
    expect((await client.listTags('acme', 'api', { limit: 50 })).rows).toHaveLength(2);
  });

  test('keeps apart what is seen with and without signing in', async () => {
    await using directory = await temporaryDirectory();
    await using hub = await startDockerHub(acmeWith({ accounts: [ACCOUNT] }));
    const cache = openResponseCache(directory.path);
    await using anonymous = connect(hub, { cache });
    await using signedIn = connect(hub, { cache, account: ACCOUNT });
    await anonymous.findTag('acme', 'api', 'latest');
    await signedIn.findTag('acme', 'api', 'latest');
    expect([anonymous.traffic.cached, signedIn.traffic.cached]).toStrictEqual([0, 0]);
    expect(pathsAsked(hub)).toHaveLength(3);
  });
});
