import { DockerHubError, type DockerHubErrorCode } from '../docker-hub-error.ts';

/** One page, as far as it could be read. */
export interface Page<Row> {
  /** How many rows Docker Hub says there are in all. */
  readonly count: number | null;
  readonly next: string | null;
  readonly rows: readonly Row[];
  /** Rows that could not be read. */
  readonly unreadable: number;
}

/** Why a list ends before its end. */
export interface Cut {
  /** `enough`: we did not want more; `incomplete`: fewer came than were counted. */
  readonly code: DockerHubErrorCode | 'enough' | 'incomplete';
  /** One line, safe to print. */
  readonly message: string;
}

/** What was seen of a list; every name once. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly unreadable: number;
  /** How many rows Docker Hub says there are in all. */
  readonly count: number | null;
  /** Null where the whole list was seen. */
  readonly cut: Cut | null;
}

export interface WalkLimits<Row> {
  readonly maxPages: number;
  /** Whether what was seen so far will do. */
  readonly enough: (rows: readonly Row[]) => boolean;
}

/** A page that was asked for, and where. */
export interface FetchedPage<Row> {
  readonly url: URL;
  readonly page: Page<Row>;
}

/** Null where there is no such page. */
export type FetchPage<Row> = (url: URL) => Promise<Page<Row> | null>;

/**
 * Goes from page to page by the addresses that the pages give, as long as they stay on the same host and bring
 * something new. What goes wrong after the first page cuts the list and loses nothing of it.
 *
 * @throws whatever `fetchPage` throws other than DockerHubError
 */
export const walkPages = async <Row extends { readonly name: string }>(
  first: FetchedPage<Row>,
  fetchPage: FetchPage<Row>,
  limits: WalkLimits<Row>,
): Promise<Listing<Row>> => {
  const rows = new Map<string, Row>();
  const seen = new Set<string>();
  let unreadable = 0;
  let repeated = 0;
  let { url, page } = first;
  for (let pages = 1; ; pages += 1) {
    const known = rows.size;
    for (const row of page.rows) if (!rows.has(row.name)) rows.set(row.name, row);
    repeated += page.rows.length - (rows.size - known);
    unreadable += page.unreadable;
    seen.add(url.href);

    const listed = [...rows.values()];
    const { count } = page;
    const ending = (cut: Cut | null): Listing<Row> => ({ rows: listed, unreadable, count, cut });
    if (page.next === null) return ending(countCut(count, listed.length + repeated + unreadable));
    if (limits.enough(listed))
      return ending({ code: 'enough', message: `only the first ${listed.length} were wanted` });
    if (rows.size === known && page.unreadable === 0) return ending(CIRCLE);
    if (pages >= limits.maxPages) return ending({ code: 'enough', message: `only ${pages} pages were asked for` });
    const next = nextAddress(page.next, url);
    if (next === null) return ending(ELSEWHERE);
    if (seen.has(next.href)) return ending(CIRCLE);
    const turned = await turnPage(next, fetchPage);
    if ('code' in turned) return ending(turned);
    if (turned.page === null) return ending(null);
    url = next;
    page = turned.page;
  }
};

/** The address of the next page, null where it leads to another host or is none. */
export const nextAddress = (next: string, current: URL): URL | null => {
  const address = URL.parse(next, current.href);
  return address !== null && address.origin === current.origin && address.username === '' && address.password === ''
    ? address
    : null;
};

const CIRCLE: Cut = { code: 'bad_address', message: 'the pages of the list repeat themselves' };
const ELSEWHERE: Cut = { code: 'bad_address', message: 'the next page of the list lies on another host' };

/** A page beyond the end is none: rows went away while we were reading. */
const turnPage = async <Row>(url: URL, fetchPage: FetchPage<Row>): Promise<{ page: Page<Row> | null } | Cut> => {
  try {
    return { page: await fetchPage(url) };
  } catch (error) {
    if (!DockerHubError.is(error)) throw error;
    return { code: error.code, message: error.message };
  }
};

const countCut = (count: number | null, seen: number): Cut | null =>
  count !== null && count > seen
    ? { code: 'incomplete', message: `Docker Hub counts ${count} and listed ${seen}` }
    : null;
