import { expect, test } from 'vitest';

import { DockerHubError } from '../docker-hub-error.ts';
import { type Listing, nextAddress, type Page, walkPages, type WalkLimits } from './walk-pages.ts';

interface Row {
  readonly name: string;
}

const HOST = 'https://hub.example';
const FIRST = new URL(`${HOST}/list?page=1`);

const aPage = (names: readonly string[], next: string | null = null, count: number | null = null): Page<Row> => ({
  rows: names.map((name) => ({ name })),
  next,
  count,
  unreadable: 0,
});

const walk = (
  first: Page<Row>,
  others: Readonly<Record<string, Page<Row> | null | Error>> = {},
  limits: Partial<WalkLimits<Row>> = {},
): Promise<Listing<Row>> =>
  walkPages(
    { url: FIRST, page: first },
    (url) => {
      const page = others[url.search];
      if (page instanceof Error) return Promise.reject(page);
      return Promise.resolve(page ?? null);
    },
    { maxPages: 10, enough: () => false, ...limits },
  );

const names = ({ rows }: Listing<Row>): string[] => rows.map(({ name }) => name);

test('pages are followed to the end, by absolute and relative addresses, and every name is given once', async () => {
  const listing = await walk(aPage(['a', 'b'], '/list?page=2'), {
    '?page=2': aPage(['b', 'c'], `${HOST}/list?page=3`),
    '?page=3': aPage(['d'], '', 4),
  });
  expect(names(listing)).toStrictEqual(['a', 'b', 'c', 'd']);
});

test('a page beyond the end is the end: rows went away meanwhile', async () => {
  expect(await walk(aPage(['a'], '/list?page=2'))).toMatchObject({ rows: [{ name: 'a' }], cut: null });
});

test.each([
  'https://evil.example/list?page=2',
  'http://hub.example/list?page=2',
  'https://user:secret@hub.example/list?page=2',
  '//evil.example/',
  'https://hub.example:8443/list',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'http://[',
])('the next page at %s is not followed', async (next) => {
  const listing = await walk(aPage(['a'], next));
  expect(listing).toMatchObject({ rows: [{ name: 'a' }], cut: { code: 'bad_address' } });
});

test('pages that lead back are left', async () => {
  const listing = await walk(aPage(['a'], '/list?page=2'), { '?page=2': aPage(['b'], '/list?page=1') });
  expect(listing).toMatchObject({ rows: [{ name: 'a' }, { name: 'b' }], cut: { code: 'bad_address' } });
});

test('pages that repeat themselves under new addresses are left', async () => {
  const listing = await walk(aPage(['a'], '/list?page=2'), { '?page=2': aPage(['a'], '/list?page=3') });
  expect(listing).toMatchObject({ rows: [{ name: 'a' }], cut: { code: 'bad_address' } });
});

test('what fails on a later page cuts the list and loses nothing of it', async () => {
  const error = new DockerHubError('no more', { code: 'depth_limit' });
  const listing = await walk(aPage(['a'], '/list?page=2', 9), { '?page=2': error });
  expect(listing).toMatchObject({ rows: [{ name: 'a' }], count: 9, cut: { code: 'depth_limit', message: 'no more' } });
});

test('what is not about one answer ends the walk', async () => {
  await expect(walk(aPage(['a'], '/list?page=2'), { '?page=2': new Error('stop') })).rejects.toThrow('stop');
});

test('no more pages than allowed are asked for, and none when there is enough', async () => {
  const others = { '?page=2': aPage(['b'], '/list?page=3'), '?page=3': aPage(['c'], '/list?page=4') };
  expect(names(await walk(aPage(['a'], '/list?page=2'), others, { maxPages: 2 }))).toStrictEqual(['a', 'b']);
  const enough = await walk(aPage(['a'], '/list?page=2'), others, { enough: (rows) => rows.length > 0 });
  expect(enough).toMatchObject({ rows: [{ name: 'a' }], cut: { code: 'enough' } });
});

test('a list that counts more than it shows says so', async () => {
  expect(await walk(aPage(['a'], null, 3))).toMatchObject({ cut: { code: 'incomplete' } });
});

test('the next address is read relative to the page it stands on', () => {
  expect(nextAddress('?page=2', FIRST)?.href).toBe(`${HOST}/list?page=2`);
});
