import { expect, test } from 'vitest';

import type { LeftOutTool, SelectedTool, Tool } from '@scanner/core';
import { aTool, aToolScan } from '@scanner/core/testing';

import { toolsDue } from './catalogue-tools-due.ts';

const postgres = aTool({ id: 'docker_hub:library/postgres' });
const redis = aTool({ id: 'docker_hub:library/redis' });

const selected = [postgres, redis].map(({ id }): SelectedTool => {
  const image = { imageRef: `${id}:latest`, selectedTag: 'latest', rule: 'latest' } as const;
  return { id, image, status: 'unknown', coverage: null, databaseStale: false, lastScan: null };
});

const due = (known: readonly Tool[], again = false): { ids: string[]; leftOut: LeftOutTool[] } => {
  const leftOut: LeftOutTool[] = [];
  const store = { find: (id: string) => known.find((tool) => tool.id === id) };
  const tools = [...toolsDue(selected, store, { again, leaveOut: (tool) => leftOut.push(tool) })];
  return { ids: tools.map(({ id }) => id), leftOut };
};

test('gives the tools as they are in the store when their turn comes', () => {
  expect(due([postgres, redis])).toEqual({ ids: [postgres.id, redis.id], leftOut: [] });
});

test('leaves out what another process has scanned meanwhile, unless it is to be scanned again', () => {
  const known = [{ ...postgres, security: aToolScan().security }, redis];
  expect(due(known)).toEqual({ ids: [redis.id], leftOut: [{ id: postgres.id, why: 'skipped_fresh', reason: null }] });
  expect(due(known, true)).toEqual({ ids: [postgres.id, redis.id], leftOut: [] });
});

test('leaves out what is no longer in the catalogue, and says so', () => {
  expect(due([redis])).toMatchObject({
    ids: [redis.id],
    leftOut: [{ id: postgres.id, reason: { code: 'not_found' } }],
  });
});
