import { notFound, ok } from './answer.ts';
import type { HubAnswer } from './answer.ts';
import type { HubRepository, HubTag } from './content.ts';
import { by, listPage } from './listing.ts';
import type { ListRules } from './listing.ts';

/** How deep one may page without signing in, as an offset in rows, by kind of list. */
export interface AnonymousDepth {
  readonly repositories: number;
  readonly tags: number;
  readonly search: number;
}

/** What the lists have in common. */
export interface ShelfRules {
  readonly direction: 'inverted' | 'as_documented';
  readonly anonymousDepth: AnonymousDepth;
}

/** All repositories, and the answers about them. */
export class HubShelf {
  readonly #repositories = new Map<string, HubRepository>();
  readonly #namespaces = new Set<string>();
  readonly #rules: ShelfRules;

  constructor(rules: ShelfRules) {
    this.#rules = rules;
  }

  put(repository: HubRepository): void {
    this.#namespaces.add(repository.row.namespace);
    this.#repositories.set(`${repository.row.namespace}/${repository.row.name}`, repository);
  }

  remove(namespace: string, name: string): void {
    this.#repositories.delete(`${namespace}/${name}`);
  }

  /** The repositories of a namespace that the account, or nobody in particular, may see. */
  list(namespace: string, url: URL, account: string | null): HubAnswer {
    const rows = this.#visible(account).filter(({ row }) => row.namespace === namespace);
    if (rows.length === 0 && !this.#namespaces.has(namespace)) return notFound({ namespace });
    return listPage(
      rows.map(({ row }) => row),
      url,
      {
        nameOf: ({ name }) => name,
        orderings: {
          name: by(({ name }) => name),
          last_updated: by((row) => row.last_updated),
          pull_count: by((row) => row.pull_count),
        },
        ...this.#depth('repositories', account),
      },
    );
  }

  repository(namespace: string, name: string, account: string | null): HubAnswer {
    const found = this.#find(namespace, name, account);
    return found === undefined
      ? notFound({ namespace, repository: name })
      : ok({ ...found.row, user: namespace, full_description: found.row.description, is_automated: false });
  }

  tags(namespace: string, name: string, url: URL, account: string | null): HubAnswer {
    const found = this.#find(namespace, name, account);
    if (found === undefined) return notFound({ namespace, repository: name });
    return listPage(latestFirst(found.tags), url, {
      nameOf: (tag) => tag.name,
      orderings: { name: by((tag) => tag.name), last_updated: by((tag) => tag.last_updated) },
      ...this.#depth('tags', account),
    });
  }

  tag(namespace: string, name: string, tag: string, account: string | null): HubAnswer {
    const found = this.#find(namespace, name, account)?.tags.find((known) => known.name === tag);
    return found === undefined ? notFound({ namespace, repository: name }) : ok(found);
  }

  layers(namespace: string, name: string, tag: string, account: string | null): HubAnswer {
    const found = this.#find(namespace, name, account)?.tags.find((known) => known.name === tag);
    if (found === undefined) return notFound({ namespace, repository: name });
    return ok(
      found.images.map((image) => ({ ...image, layers: [{ size: image.size, instruction: 'ADD file in /' }] })),
    );
  }

  search(url: URL, account: string | null): HubAnswer {
    const words = url.searchParams.get('query') ?? '';
    const rows = this.#visible(account).filter(({ row }) => `${row.namespace}/${row.name}`.includes(words));
    const found = rows.map(({ row }) => ({
      repo_name: row.namespace === 'library' ? row.name : `${row.namespace}/${row.name}`,
      short_description: row.description ?? '',
      star_count: row.star_count,
      pull_count: row.pull_count,
      repo_owner: '',
      is_automated: false,
      is_official: row.namespace === 'library',
    }));
    return listPage(found, url, { nameOf: (row) => row.repo_name, orderings: {}, ...this.#depth('search', account) });
  }

  /** Namespaces and the names in them. */
  contents(): ReadonlyMap<string, readonly string[]> {
    const all = [...this.#repositories.values()].map(({ row }) => row);
    return new Map([...Map.groupBy(all, (row) => row.namespace)].map(([key, rows]) => [key, rows.map((r) => r.name)]));
  }

  #find(namespace: string, name: string, account: string | null): HubRepository | undefined {
    const found = this.#repositories.get(`${namespace}/${name}`);
    return found !== undefined && isVisible(found, account) ? found : undefined;
  }

  #visible(account: string | null): HubRepository[] {
    return [...this.#repositories.values()].filter((repository) => isVisible(repository, account));
  }

  #depth(
    kind: keyof AnonymousDepth,
    account: string | null,
  ): Pick<ListRules<never>, 'direction' | 'anonymousDepth' | 'authorized'> {
    const { direction, anonymousDepth } = this.#rules;
    return { direction, anonymousDepth: anonymousDepth[kind], authorized: account !== null };
  }
}

function isVisible({ row }: HubRepository, account: string | null): boolean {
  return !row.is_private || row.namespace === account;
}

/** `latest` stands first when no order is asked for; then what was pushed last. */
function latestFirst(tags: readonly HubTag[]): HubTag[] {
  const older = by<HubTag>((tag) => tag.last_updated);
  const newest = tags.toSorted((a, b) => older(b, a));
  return [...newest.filter(isLatest), ...newest.filter((tag) => !isLatest(tag))];
}

function isLatest({ name }: HubTag): boolean {
  return name === 'latest';
}
