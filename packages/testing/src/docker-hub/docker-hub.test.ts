import { expect, test } from 'vitest';

import {
  aRepository,
  attestedTag,
  manyRepositories,
  minutesAgo,
  privateRepository,
  repositoryOfManyTags,
  startDockerHub,
  aTag,
} from './index.ts';

interface Page {
  readonly count: number;
  readonly next: string | null;
  readonly results: readonly { readonly name: string; readonly pull_count: number }[];
}

const pageAt = async (url: string, headers: Record<string, string> = {}): Promise<Page> => {
  const answer = await fetch(url, { headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page;
};

const namesAt = async (url: string): Promise<string[]> => (await pageAt(url)).results.map(({ name }) => name);

const nginx = aRepository({
  name: 'nginx',
  tags: [
    aTag({ name: '1.28', last_updated: minutesAgo(30) }),
    aTag({ name: 'latest', last_updated: minutesAgo(20) }),
    aTag({ name: '1.29', last_updated: minutesAgo(10) }),
  ],
});

test.each(['/v2/namespaces/library/repositories/nginx', '/v2/repositories/library/nginx'])(
  'a repository, its tags and one tag are found under %s, with and without a slash at the end',
  async (path) => {
    await using hub = await startDockerHub({ repositories: [nginx] });
    for (const asked of [path, `${path}/`, `${path}/tags`, `${path}/tags/`, `${path}/tags/1.29`]) {
      expect((await fetch(hub.url + asked)).status, asked).toBe(200);
      const head = await fetch(hub.url + asked, { method: 'HEAD' });
      expect([head.status, await head.text()], asked).toStrictEqual([200, '']);
    }
    expect((await fetch(`${hub.url}${path}/tags/nightly`)).status).toBe(404);
    expect((await fetch(`${hub.url}/v1/repositories`)).status).toBe(410);
    expect(hub.requests.slice(0, 2).map(({ method }) => method)).toStrictEqual(['GET', 'HEAD']);
  },
);

test('latest stands first when no order is asked for, and dates descend without a minus sign', async () => {
  await using hub = await startDockerHub({ repositories: [nginx] });
  const tags = `${hub.url}/v2/repositories/library/nginx/tags`;
  expect(await namesAt(tags)).toStrictEqual(['latest', '1.29', '1.28']);
  expect(await namesAt(`${tags}?ordering=last_updated`)).toStrictEqual(['1.29', 'latest', '1.28']);
  expect(await namesAt(`${tags}?ordering=-last_updated`)).toStrictEqual(['1.28', 'latest', '1.29']);
  expect(await namesAt(`${tags}?name=1.2`)).toStrictEqual(['1.29', '1.28']);
  expect((await fetch(`${tags}?ordering=size`)).status).toBe(400);
});

test('a page has at most 100 rows and echoes the size that was asked for', async () => {
  await using hub = await startDockerHub({ repositories: [repositoryOfManyTags('acme', 'api', 1_700)] });
  const page = await pageAt(`${hub.url}/v2/namespaces/acme/repositories/api/tags?page_size=500`);
  expect(page.results).toHaveLength(100);
  expect(page).toMatchObject({ count: 1_700, next: expect.stringContaining('page_size=500') });
});

test('who has not signed in is refused from an offset of 100 repositories on, and asking beyond the end is a 404', async () => {
  await using hub = await startDockerHub({
    repositories: manyRepositories('acme', 250),
    accounts: [{ identifier: 'acme', secret: 'dckr_pat_secret' }],
  });
  const list = `${hub.url}/v2/namespaces/acme/repositories`;
  expect((await pageAt(`${list}?page_size=99&page=2`)).results).toHaveLength(99);
  expect((await fetch(`${list}?page_size=100&page=2`)).status).toBe(403);
  const answer = await fetch(`${hub.url}/v2/auth/token`, {
    method: 'POST',
    body: JSON.stringify({ identifier: 'acme', secret: 'dckr_pat_secret' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  expect((await pageAt(`${list}?page_size=100&page=3`, headers)).results).toHaveLength(50);
  expect((await fetch(`${list}?page_size=100&page=4`, { headers })).status).toBe(404);
  hub.forgetSessions();
  expect((await fetch(list, { headers })).status).toBe(401);
});

test('a private repository is there for its own account only', async () => {
  await using hub = await startDockerHub({ repositories: [privateRepository('acme', 'vault')] });
  expect((await fetch(`${hub.url}/v2/repositories/acme/vault`)).status).toBe(404);
});

test('every answer counts down the limit, and one too many is refused with the time to come back', async () => {
  let now = Date.parse('2026-11-22T10:00:00Z');
  await using hub = await startDockerHub({ limit: { perMinute: 2 }, now: () => now });
  const ask = (): Promise<Response> => fetch(`${hub.url}/v2/repositories/library/nginx`);
  expect((await ask()).headers.get('x-ratelimit-remaining')).toBe('1');
  await ask();
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toStrictEqual([
    429,
    '60',
    { detail: 'Rate limit exceeded', error: false },
  ]);
  now += 60_000;
  expect((await ask()).status).toBe(404);
});

test('a rule lets only so many requests go wrong, after sparing some', async () => {
  await using hub = await startDockerHub({ repositories: [aRepository({ name: 'odd', tags: [attestedTag('1')] })] });
  hub.fail({ path: /\/tags/, after: 1, times: 1, fault: { kind: 'html', status: 503 } });
  const statuses = [];
  for (let turn = 0; turn < 3; turn += 1) {
    statuses.push((await fetch(`${hub.url}/v2/repositories/library/odd/tags`)).status);
  }
  expect(statuses).toStrictEqual([200, 503, 200]);
});
