import { ImageResolver, isStale, Tool } from '@scanner/core';
import { expect, it } from 'vitest';

import { expectedTag, isDue, measuredTags, measuredTool } from './catalogue-content.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const WEEK_MS = 7 * 24 * 3_600_000;
const NUMBERS = Array.from({ length: 60 }, (_, index) => index);

it.each(['priority', 'smart'] as const)('knows which tags the policy %s has to choose', (policy) => {
  for (const index of NUMBERS) {
    const resolver = new ImageResolver({ policy, tagsOf: () => measuredTags(index, NOW) });
    expect(resolver.resolveImageRef(measuredTool(index, NOW))?.selectedTag).toBe(expectedTag(index, policy));
  }
});

it('knows which tools are due', () => {
  for (const index of NUMBERS) expect(isStale(measuredTool(index, NOW).security, NOW, WEEK_MS)).toBe(isDue(index));
});

it('makes tools that need nothing filled in, and no two alike', () => {
  const tools = NUMBERS.map((index) => measuredTool(index, NOW));
  for (const tool of tools) expect(Tool.parse(tool)).toEqual(tool);
  expect(new Set(tools.map(({ id }) => id)).size).toBe(tools.length);
});

it('gives a tool details of its tags, and of as many that are not published', () => {
  const { docker_tags: names } = measuredTool(3, NOW);
  const known = measuredTags(3, NOW);
  expect(names).toHaveLength(50);
  expect(new Set(known.map(({ name }) => name)).size).toBe(100);
  expect(known.filter(({ published }) => published !== false).map(({ name }) => name)).toEqual(names);
});
