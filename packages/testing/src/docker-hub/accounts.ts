import { createHmac, randomUUID } from 'node:crypto';

/** Who can sign in. */
export interface HubAccount {
  /** A user or an organisation: the namespace whose private repositories it sees. */
  readonly identifier: string;
  /** A password, or a personal or organisation's access token. */
  readonly secret: string;
}

/** Gives out tokens for accounts and knows how long they hold. */
export class HubAccounts {
  readonly #accounts: readonly HubAccount[];
  readonly #lifetimeSeconds: number;
  readonly #sessions = new Map<string, { readonly identifier: string; readonly expires: number }>();

  constructor(accounts: readonly HubAccount[], lifetimeSeconds: number) {
    this.#accounts = accounts;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** A token, or undefined for wrong credentials. `now` in milliseconds since 1970. */
  signIn(identifier: unknown, secret: unknown, now: number): string | undefined {
    const account = this.#accounts.find((known) => known.identifier === identifier && known.secret === secret);
    if (account === undefined) return undefined;
    const issued = Math.floor(now / 1000);
    const token = jwt({ sub: account.identifier, jti: randomUUID(), iat: issued, exp: issued + this.#lifetimeSeconds });
    this.#sessions.set(token, { identifier: account.identifier, expires: now + this.#lifetimeSeconds * 1000 });
    return token;
  }

  /** The account of an `Authorization` header, null without one, undefined where it does not hold. */
  accountOf(authorization: string | undefined, now: number): string | null | undefined {
    if (authorization === undefined) return null;
    const session = this.#sessions.get(authorization.replace(/^Bearer /, ''));
    return session !== undefined && now < session.expires ? session.identifier : undefined;
  }

  /** From now on no token that was given out holds. */
  forgetSessions(): void {
    this.#sessions.clear();
  }
}

function jwt(claims: object): string {
  const content = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, scope: 'repo:public_read' },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${createHmac('sha256', 'a key of the test').update(content).digest('base64url')}`;
}
