import { badOrdering, notFound, ok, tooDeep } from './answer.ts';
import type { HubAnswer } from './answer.ts';

/** How one kind of list is asked for and answered. */
export interface ListRules<Row> {
  readonly nameOf: (row: Row) => string;
  /** What each ordering sorts by, ascending. */
  readonly orderings: Readonly<Record<string, (a: Row, b: Row) => number>>;
  /** `inverted`, as Docker Hub does it: without a minus sign dates and counts descend. */
  readonly direction: 'inverted' | 'as_documented';
  /** From which offset on a request without a token is refused. */
  readonly anonymousDepth: number;
  readonly authorized: boolean;
}

const DEFAULT_PAGE_SIZE = 10;
const LARGEST_PAGE_SIZE = 100;

/** Answers one page of the rows, which come in the order that holds when none is asked for. */
export function listPage<Row>(all: readonly Row[], url: URL, rules: ListRules<Row>): HubAnswer {
  const ordering = url.searchParams.get('ordering');
  if (ordering !== null && !Object.hasOwn(rules.orderings, ordering.replace(/^-/, ''))) {
    return badOrdering(Object.keys(rules.orderings).flatMap((name) => [name, `-${name}`]));
  }
  const page = positive(url.searchParams.get('page')) ?? 1;
  const asked = positive(url.searchParams.get('page_size')) ?? DEFAULT_PAGE_SIZE;
  const size = Math.min(asked, LARGEST_PAGE_SIZE);
  const offset = (page - 1) * size;
  if (!rules.authorized && offset >= rules.anonymousDepth) return tooDeep();

  const named = filtered(all, url.searchParams.get('name'), rules);
  const rows = ordering === null ? named : sorted(named, ordering, rules);
  if (page > 1 && offset >= rows.length) return notFound();
  return ok({
    count: rows.length,
    next: offset + size < rows.length ? pageUrl(url, page + 1, asked) : null,
    previous: page > 1 ? pageUrl(url, page - 1, asked) : null,
    results: rows.slice(offset, offset + size),
  });
}

/** Compares by a date or number; what has none is the oldest and smallest. */
export function by<Row>(value: (row: Row) => string | number | null): (a: Row, b: Row) => number {
  return (a, b) => {
    const [first, second] = [value(a) ?? '', value(b) ?? ''];
    if (first === second) return 0;
    return first < second ? -1 : 1;
  };
}

function filtered<Row>(all: readonly Row[], name: string | null, { nameOf }: ListRules<Row>): readonly Row[] {
  return name === null ? all : all.filter((row) => nameOf(row).includes(name));
}

function sorted<Row>(rows: readonly Row[], ordering: string, { orderings, direction }: ListRules<Row>): Row[] {
  const name = ordering.replace(/^-/, '');
  const compare = orderings[name] ?? (() => 0);
  const inverted = direction === 'inverted' && name !== 'name';
  const descending = ordering.startsWith('-') !== inverted;
  return rows.toSorted((a, b) => (descending ? compare(b, a) : compare(a, b)));
}

/** The page size is echoed as it was asked for, although fewer rows came. */
function pageUrl(url: URL, page: number, size: number): string {
  const next = new URL(url);
  next.searchParams.set('page', String(page));
  next.searchParams.set('page_size', String(size));
  return next.href;
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
