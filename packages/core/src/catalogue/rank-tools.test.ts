import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Tool } from '../model/tool.ts';
import type { SeverityCounts } from '../model/severity.ts';
import { aTool, aToolScan } from '../testing/builders.ts';
import { rankTools, type RankingOptions } from './rank-tools.ts';
import { topN } from './top-n.ts';

const scanned = (name: string, counts: Partial<SeverityCounts>, given: Partial<Tool> = {}): Tool =>
  aTool({
    id: `docker_hub:acme/${name}`,
    security: {
      ...aToolScan().security,
      status: (counts.critical ?? 0) + (counts.high ?? 0) > 0 ? 'vulnerable' : 'ok',
      vulnerabilities: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, ...counts },
    },
    ...given,
  });

const order = (tools: readonly Tool[], options: RankingOptions = {}) =>
  rankTools(tools, options).tools.map(({ name }) => name);

describe('the ranking of tools', () => {
  it('is by critical, high, medium and low findings, then pulls, then ID', () => {
    const tools = [
      scanned('low', { low: 9 }),
      scanned('few-pulls', { high: 2 }, { pull_count: 10 }),
      scanned('many-pulls', { high: 2 }, { pull_count: 5_000_000_000 }),
      scanned('medium', { medium: 1, low: 1 }),
      scanned('critical', { critical: 1 }),
      scanned('b', {}, { pull_count: null }),
      scanned('a', { unknown: 50 }, { pull_count: null }),
    ];
    expect(order(tools)).toEqual(['critical', 'many-pulls', 'few-pulls', 'medium', 'low', 'a', 'b']);
  });

  it('can be by critical findings alone, by pulls or by name', () => {
    const tools = [
      scanned('x', { critical: 1, high: 9 }, { pull_count: 1 }),
      scanned('y', { critical: 1 }, { pull_count: 2 }),
      scanned('a', {}, { pull_count: 3 }),
    ];
    expect(order(tools, { sort: 'critical' })).toEqual(['y', 'x', 'a']);
    expect(order(tools, { sort: 'pulls' })).toEqual(['a', 'y', 'x']);
    expect(order(tools, { sort: 'name' })).toEqual(['a', 'x', 'y']);
  });

  it('is of scanned tools unless others are asked for, and counts those that are unknown', () => {
    const tools = [scanned('ok', {}), scanned('bad', { high: 1 }), aTool({ id: 'docker_hub:acme/new' })];
    expect(rankTools(tools)).toMatchObject({ ranked: 2, unknown: 1 });
    expect(order(tools, { statuses: ['ok'] })).toEqual(['ok']);
    expect(order(tools, { statuses: ['unknown'] })).toEqual(['new']);
  });

  it('has those that were scanned and could not be judged in full, which are unknown and not never scanned', () => {
    const unjudged = scanned('static', {});
    const tools = [
      { ...unjudged, security: { ...unjudged.security, status: 'unknown' as const, coverage: 'unsupported' as const } },
      aTool({ id: 'docker_hub:acme/new' }),
    ];
    expect(rankTools(tools)).toMatchObject({ tools: [{ name: 'static' }], ranked: 1, unknown: 1 });
    expect(order(tools, { statuses: ['ok', 'vulnerable'] })).toEqual([]);
    expect(order(tools, { statuses: ['unknown'] })).toEqual(['new', 'static']);
  });

  it('is cut at the limit', () => {
    const tools = [scanned('a', { low: 1 }), scanned('b', { low: 2 }), scanned('c', { low: 3 })];
    expect(order(tools, { limit: 2 })).toEqual(['c', 'b']);
    expect(rankTools(tools, { limit: 2 }).ranked).toBe(3);
  });
});

describe('the top of anything', () => {
  it('is what sorting it all would put first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 0, max: 20 }), (numbers, limit) => {
        const compare = (a: number, b: number) => a - b;
        expect(topN(numbers, limit, compare)).toEqual(numbers.toSorted(compare).slice(0, limit));
      }),
    );
  });
});
