import type { HubAccounts } from './accounts.ts';
import { gone, ok, unauthorized, unknownRoute, wrongCredentials } from './answer.ts';
import type { HubAnswer } from './answer.ts';
import type { HubShelf } from './shelf.ts';

/** A request as far as its answer depends on it. */
export interface AskedFor {
  readonly method: string;
  /** Undefined where the token does not hold. */
  readonly account: string | null | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Which address is answered with what: both families of routes, the search, and signing in. */
export class HubRoutes {
  readonly #shelf: HubShelf;
  readonly #accounts: HubAccounts;
  readonly #trailingSlash: 'answered' | 'redirected';

  constructor(shelf: HubShelf, accounts: HubAccounts, trailingSlash: 'answered' | 'redirected') {
    this.#shelf = shelf;
    this.#accounts = accounts;
    this.#trailingSlash = trailingSlash;
  }

  /** The first page, whichever is asked for, as if there were always one more. */
  samePage(url: URL, asked: AskedFor): HubAnswer {
    const page = Number(url.searchParams.get('page') ?? '1');
    const first = new URL(url);
    first.searchParams.set('page', '1');
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const answer = this.answer(first, asked);
    return typeof answer.body === 'object' ? { ...answer, body: { ...answer.body, next: next.href } } : answer;
  }

  answer(url: URL, { method, account, body, now }: AskedFor): HubAnswer {
    const path = url.pathname.replace(/\/$/, '');
    if (path !== url.pathname && this.#trailingSlash === 'redirected') {
      return { status: 301, headers: { location: path + url.search }, body: '' };
    }
    if (method === 'POST') return this.#signIn(path, body, now);
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: { message: 'method not allowed' } };
    return account === undefined ? unauthorized() : this.#read(url, path.split('/').slice(1).map(decoded), account);
  }

  #signIn(path: string, body: AskedFor['body'], now: number): HubAnswer {
    if (path === '/v2/auth/token') {
      const token = this.#accounts.signIn(body['identifier'], body['secret'], now);
      return token === undefined ? wrongCredentials() : ok({ access_token: token });
    }
    if (path !== '/v2/users/login') return unknownRoute();
    const token = this.#accounts.signIn(body['username'], body['password'], now);
    return token === undefined ? wrongCredentials() : ok({ token });
  }

  #read(url: URL, segments: readonly string[], account: string | null): HubAnswer {
    if (segments[0] === 'v1') return gone();
    if (segments.join('/') === 'v2/search/repositories') return this.#shelf.search(url, account);
    const [namespace = '', ...rest] = repositoryPath(segments) ?? [];
    const [name = '', kind, tag = '', part] = rest;
    const route = [namespace, name, kind, tag, part].filter(
      (segment) => segment !== undefined && segment !== '',
    ).length;
    if (route === 1) return this.#shelf.list(namespace, url, account);
    if (route === 2) return this.#shelf.repository(namespace, name, account);
    if (kind !== 'tags' || rest.length > 4) return unknownRoute();
    if (route === 3) return this.#shelf.tags(namespace, name, url, account);
    if (route === 4) return this.#shelf.tag(namespace, name, tag, account);
    return part === 'images' ? this.#shelf.layers(namespace, name, tag, account) : unknownRoute();
  }
}

/** Namespace and what follows, of both families of routes. */
function repositoryPath([version, kind, ...rest]: readonly string[]): readonly string[] | undefined {
  if (version !== 'v2') return undefined;
  if (kind === 'repositories') return rest;
  const [namespace, repositories, ...following] = rest;
  return kind === 'namespaces' && repositories === 'repositories' ? [namespace ?? '', ...following] : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
