import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Tool } from '../model/tool.ts';
import type { RememberedFailure } from '../ports/tool-store.ts';
import { aTool, aToolScan } from '../testing/builders.ts';
import { ImageResolver } from './image-resolver.ts';
import { selectTools, type ToolSelection } from './select-tools.ts';

const now = new Date('2026-11-22T00:00:00.000Z');
const DAY = 86_400_000;

const idOf = (name: string) => `docker_hub:acme/${name}`;
const scannedDaysAgo = (days: number): Tool['security'] => ({
  ...aToolScan().security,
  trivy_scan_date: new Date(now.getTime() - days * DAY).toISOString(),
});
const tool = (name: string, daysAgo?: number) =>
  aTool({ id: idOf(name), ...(daysAgo !== undefined && { security: scannedDaysAgo(daysAgo) }) });

const select = (
  tools: Iterable<Tool>,
  selection: ToolSelection = {},
  failures: Readonly<Record<string, RememberedFailure>> = {},
) => selectTools(tools, selection, { resolver: new ImageResolver(), failureOf: (id) => failures[id], now });

const names = (tools: ReadonlyArray<{ readonly id: string }>) => tools.map(({ id }) => id.slice(idOf('').length));

const failedUntil = (milliseconds: number): RememberedFailure => ({
  reason: { code: 'not_found', message: 'no such image' },
  until: new Date(now.getTime() + milliseconds).toISOString(),
});

describe('the tools to scan', () => {
  it('are those never scanned and those scanned too long ago', () => {
    const { selected, leftOut } = select([tool('a'), tool('b', 6.9), tool('c', 7)]);
    expect(names(selected)).toEqual(['a', 'c']);
    expect(leftOut).toEqual([{ id: idOf('b'), why: 'skipped_fresh', reason: null }]);
    expect(names(select([tool('b', 6.9)], { maxAgeMilliseconds: DAY }).selected)).toEqual(['b']);
  });

  it('come with the image that would be scanned and what is known so far', () => {
    expect(select([tool('a', 8)]).selected).toEqual([
      {
        id: idOf('a'),
        image: { imageRef: 'acme/a:latest', selectedTag: 'latest', rule: 'latest' },
        status: 'ok',
        coverage: 'full',
        databaseStale: false,
        lastScan: '2026-11-14T00:00:00.000Z',
      },
    ]);
  });

  it('include those whose date says nothing: no date at all, or one far ahead of the clock', () => {
    const odd = aTool({ id: idOf('odd'), security: { ...aToolScan().security, trivy_scan_date: 'yesterday' } });
    expect(names(select([tool('ahead', -400), odd]).selected)).toEqual(['ahead', 'odd']);
  });

  it('go by the date of the last scan alone, whatever could be judged then', () => {
    const unjudged = aTool({
      id: idOf('unjudged'),
      security: { ...scannedDaysAgo(1), status: 'unknown', coverage: 'unsupported' },
    });
    expect(select([unjudged]).selected).toEqual([]);
    expect(names(select([tool('a', 8), unjudged, tool('b')], { next: 3, force: true }).selected)).toEqual([
      'b',
      'a',
      'unjudged',
    ]);
  });

  it('include those of whose last scan nobody knows how much it could judge', () => {
    const unsaid = (status: 'unknown' | 'vulnerable') =>
      aTool({ id: idOf(status), security: { ...scannedDaysAgo(1), status, coverage: null } });
    expect(names(select([unsaid('unknown'), unsaid('vulnerable')]).selected)).toEqual(['unknown', 'vulnerable']);
  });

  it('leave out those that failed within the hour, and say why', () => {
    const failures = { [idOf('a')]: failedUntil(60_000), [idOf('b')]: failedUntil(0) };
    const { selected, leftOut } = select([tool('a'), tool('b')], {}, failures);
    expect(names(selected)).toEqual(['b']);
    expect(leftOut).toMatchObject([{ id: idOf('a'), why: 'skipped_failed', reason: { code: 'not_found' } }]);
  });

  it('leave out those that resolve to nothing, and say why', () => {
    const { leftOut } = select([aTool({ id: idOf('a'), tags_note: 'no_linux_image' })]);
    expect(leftOut).toMatchObject([{ why: 'unresolved', reason: { code: 'no_such_platform' } }]);
  });

  it('are all of them by force, fresh and failed alike', () => {
    const failures = { [idOf('a')]: failedUntil(60_000) };
    expect(names(select([tool('a'), tool('b', 0)], { force: true }, failures).selected)).toEqual(['a', 'b']);
  });
});

describe('a limit', () => {
  it('looks at the first so many, fresh ones included, so that repeating it finishes it', () => {
    const { selected, leftOut } = select([tool('a', 0), tool('b'), tool('c'), tool('d')], { limit: 3 });
    expect(names(selected)).toEqual(['b', 'c']);
    expect(names(leftOut)).toEqual(['a']);
    expect(select([tool('a', 0), tool('b', 0), tool('c', 0), tool('d')], { limit: 3 }).selected).toEqual([]);
  });

  it('counts after the filters', () => {
    const other = aTool({ id: 'docker_hub:library/nginx' });
    const { selected } = select([tool('a'), other, tool('b'), tool('c')], {
      limit: 2,
      filter: { namespaces: ['acme'] },
    });
    expect(names(selected)).toEqual(['a', 'b']);
  });
});

describe('the next so many', () => {
  it('are those that are due for longest, never scanned ones first, by ID among equals', () => {
    const tools = [tool('a', 8), tool('b'), tool('c', 30), tool('d', 30), tool('e', 1), tool('f')];
    expect(names(select(tools, { next: 3 }).selected)).toEqual(['b', 'f', 'c']);
  });

  it('are not used up by tools that cannot be scanned', () => {
    const tools = [aTool({ id: idOf('a'), tags_note: 'no_linux_image' }), tool('b')];
    expect(names(select(tools, { next: 1 }).selected)).toEqual(['b']);
  });
});

describe('filters', () => {
  it('name tools, and those that are not there are told', () => {
    const { selected, missing } = select([tool('a'), tool('b')], { filter: { ids: [idOf('b'), idOf('z')] } });
    expect(names(selected)).toEqual(['b']);
    expect(missing).toEqual([idOf('z')]);
  });

  it('do not call a tool missing that lies beyond the limit', () => {
    const { missing } = select([tool('a'), tool('b')], { limit: 1, filter: { ids: [idOf('a'), idOf('b')] } });
    expect(missing).toEqual([]);
  });
});

describe('any catalogue', () => {
  const catalogue = fc.array(fc.option(fc.integer({ min: 0, max: 20 })), { maxLength: 30 });

  it('has each tool selected or left out, never both', () => {
    fc.assert(
      fc.property(catalogue, fc.boolean(), (ages, force) => {
        const tools = ages.map((age, index) => tool(`t${index}`, age ?? undefined));
        const { selected, leftOut } = select(tools, { force });
        expect([...selected, ...leftOut].map(({ id }) => id).toSorted()).toEqual(tools.map(({ id }) => id).toSorted());
      }),
    );
  });

  it('gives the next so many as the head of the whole order', () => {
    fc.assert(
      fc.property(catalogue, fc.integer({ min: 0, max: 35 }), (ages, next) => {
        const tools = ages.map((age, index) => tool(`t${index}`, age ?? undefined));
        expect(select(tools, { next }).selected).toEqual(select(tools, { next: 100 }).selected.slice(0, next));
      }),
    );
  });
});
