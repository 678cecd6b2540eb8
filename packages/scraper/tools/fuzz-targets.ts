import { aRepository, aTag } from '@scanner/testing';
import { anyBytes, fuzzTarget, type FuzzTarget, mutatedBytes, mutatedJson, mutatedText } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import { decodeEntry, encodeEntry } from '../src/cache/cache-entry.ts';
import { lifetimeOf } from '../src/connection/account-session.ts';
import { afterAnswer, beforeRequest, readLimitNotice, waitOf } from '../src/connection/limit-window.ts';
import { readAnswer } from '../src/connection/read-answer.ts';
import { readRetryAfter, timeOfAnswer } from '../src/connection/retry-after.ts';
import { DockerHubError } from '../src/docker-hub-error.ts';
import { readFirstPage } from '../src/listing/read-page.ts';
import { nextAddress } from '../src/listing/walk-pages.ts';
import { RepositoryRow, TagRow } from '../src/schema.ts';
import { scrapedTool } from '../src/scrape/scraped-tool.ts';
import { judgeTag } from '../src/tags/judge-tag.ts';
import { tagDetailsWithImages } from '../src/tags/tag-details.ts';

const NOW = Date.parse('2026-11-22T01:02:03Z');
const HERE = new URL('https://hub.example/v2/namespaces/acme/repositories?page=1');

const TAGS = [aTag({ name: 'latest' }), aTag({ name: '1.2.3-alpine' })];
const REPOSITORY_PAGE = {
  count: 1,
  next: `${HERE.href}&page=2`,
  previous: null,
  results: [aRepository({ namespace: 'acme', name: 'api' })],
};
const TAG_PAGE = { count: 2, next: null, previous: null, results: TAGS };

const DATES = ['Sun, 22 Nov 2026 01:05:00 GMT', 'Sunday, 22-Nov-26 01:05:00 GMT', 'Sun Nov 22 01:05:00 2026'];
const WAITS = ['30', '1795309503', ...DATES];
const COUNTS = ['180', '0', '1795309503'];

const header = (samples: readonly string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(mutatedText(samples), fc.array(mutatedText(samples), { maxLength: 3 }));
const headers = fc.record({
  'retry-after': header(WAITS),
  'x-retry-after': header(WAITS),
  date: header(DATES),
  'x-ratelimit-limit': header(COUNTS),
  'x-ratelimit-remaining': header(COUNTS),
  'x-ratelimit-reset': header(COUNTS),
  'content-type': header(['application/json', 'text/html']),
});
type Headers = Readonly<Record<string, string | string[]>>;

const isRefusal = (error: unknown): boolean => DockerHubError.is(error);

/** Neither too long nor without end, whatever an answer says. */
const readLimits = (headers: Headers): unknown => {
  const notice = readLimitNotice(headers, NOW);
  const window = notice === null ? null : beforeRequest(afterAnswer(null, notice, 0, 1), 0);
  const numbers = [
    readRetryAfter(headers, NOW) ?? 0,
    timeOfAnswer(headers, NOW),
    window === null ? 0 : waitOf(afterAnswer(window, { limit: 1, remaining: 0, resetInMs: 10 }, 1, 0), 2),
  ];
  if (!numbers.every(Number.isFinite)) throw new Error(`a time that is none: ${numbers.join(', ')}`);
  return numbers;
};

const readPages = ({ status, headers, body }: { status: number; headers: Headers; body: string }): unknown => {
  const answer = readAnswer({ status, headers, body: Buffer.from(body) }, HERE, NOW);
  const repositories = readFirstPage(RepositoryRow)(answer);
  const tags = readFirstPage(TagRow)(answer).rows;
  const found = { tags, beside: tags, noneUsable: false, noneListed: false };
  return [
    repositories.next === null ? null : nextAddress(repositories.next, HERE)?.href,
    tags.map((tag) => [judgeTag(tag), tagDetailsWithImages(tag)]),
    repositories.rows.map((row) => JSON.stringify(scrapedTool('acme', row, found))),
  ];
};

const claims = (token: object): string => `e30.${Buffer.from(JSON.stringify(token)).toString('base64url')}.x`;

const ENTRY = encodeEntry({ key: 'GET x', storedAt: NOW, body: TAG_PAGE });

/** What this package reads that Docker Hub, or whoever stands between, answers. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: "Docker Hub's answers",
    inputs: fc.record({
      status: fc.constantFrom(200, 200, 200, 401, 403, 404, 429, 500),
      headers,
      body: mutatedJson([REPOSITORY_PAGE, TAG_PAGE, { message: 'pagination offset too large', detail: 'x' }]),
    }),
    read: readPages,
    mayThrow: isRefusal,
    ofText: (body) => ({ status: 200, headers: {}, body }),
  }),
  fuzzTarget({
    name: "Docker Hub's limits and waits",
    inputs: headers,
    read: readLimits,
    ofText: (text): Headers =>
      Object.fromEntries(['retry-after', 'date', 'x-ratelimit-limit'].map((name) => [name, text])),
  }),
  fuzzTarget({
    name: "Docker Hub's tokens",
    inputs: fc.oneof(
      mutatedText([claims({ iat: 1, exp: 601 })]),
      mutatedJson([{ iat: 1, exp: 601 }]).map((text) => `x.${Buffer.from(text).toString('base64url')}`),
    ),
    read: (token) => {
      const lifetime = lifetimeOf(token);
      if (!(lifetime > 0 && lifetime <= 600_000)) throw new Error(`a token that lives ${lifetime} ms`);
      return lifetime;
    },
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: 'an answer that is kept',
    inputs: fc.oneof(mutatedBytes([ENTRY]), anyBytes()),
    read: decodeEntry,
  }),
];
