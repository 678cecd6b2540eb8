import { expect, test } from 'vitest';

import { aTool } from '@scanner/core/testing';
import type { ScrapeEvent } from '@scanner/scraper';

import { ScrapeTally } from './catalogue-scrape-tally.ts';

const found = (id: string, error: (ScrapeEvent & { kind: 'tool' })['error'] = null): ScrapeEvent => ({
  kind: 'tool',
  scraped: { tool: aTool({ id }), tags: [], tagsKnown: error === null },
  error,
});

test('counts what was stored and names what went wrong, of a run that came to its end', () => {
  const tally = new ScrapeTally(['library', 'nobody']);
  const failed = { subject: 'library/redis', code: 'server_error', message: 'HTTP 503' } as const;
  const unknown = { subject: 'nobody', code: 'not_found', message: 'there is none' } as const;
  const skipped = { plugins: 0, unreadable: 0 };
  tally.take(found('docker_hub:library/postgres'));
  tally.take(found('docker_hub:library/redis', failed));
  const ended = { tools: 2, truncated: false, reason: null, skipped, error: null };
  tally.take({ kind: 'namespace', summary: { ...ended, name: 'library' } });
  tally.take({ kind: 'namespace', summary: { ...ended, name: 'nobody', tools: 0, error: unknown } });
  expect(tally.document({ requests: 4, cached: 1 })).toEqual({
    schema: 'gts.scrape/1',
    namespaces: [
      { name: 'library', tools: 2, truncated: false, reason: null },
      { name: 'nobody', tools: 0, truncated: false, reason: 'there is none' },
    ],
    totals: { requests: 4, cached: 1, errors: 2 },
    errors: [failed, unknown],
  });
});

test('says of a run that was stopped what is there, and that it is not all', () => {
  const tally = new ScrapeTally(['library', 'acme']);
  tally.take(found('docker_hub:library/postgres'));
  expect(tally.document({ requests: 2, cached: 0 }).namespaces).toEqual([
    { name: 'library', tools: 1, truncated: true, reason: 'stopped before all of it was seen' },
    { name: 'acme', tools: 0, truncated: true, reason: 'stopped before all of it was seen' },
  ]);
});
