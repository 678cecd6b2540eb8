import { sanitizeForTerminal, ScannerError } from '@scanner/core';

import { DockerHubError } from '../docker-hub-error.ts';
import { LoginAnswer, TokenClaims } from '../schema.ts';
import type { Timing } from '../timing.ts';
import type { ExchangeRequest } from './exchange.ts';

/** Who signs in. */
export interface DockerHubAccount {
  /** A user, or an organisation for one of its access tokens. */
  readonly identifier: string;
  /** A personal or organisation's access token, or a password. Never shown. */
  readonly secret: string;
}

/** Sends the request to sign in and gives the answer's JSON. */
export type SendLogin = (request: ExchangeRequest, signal?: AbortSignal) => Promise<unknown>;

const USUAL_LIFETIME_MS = 600_000;
/** The part of its life after which a token is replaced. */
const USED_PART = 0.8;

interface HeldToken {
  readonly text: string;
  readonly renewAt: number;
}

/** Whoever began to sign in was aborted; that is no reason for others to fail. */
class GivenUp extends Error {}

/** Holds a token for the account, and gets another before it expires; only one at a time, however many ask. */
export class AccountSession {
  readonly #account: DockerHubAccount;
  readonly #send: SendLogin;
  readonly #timing: Timing;
  #held: HeldToken | null = null;
  #pending: Promise<HeldToken> | null = null;

  constructor(account: DockerHubAccount, send: SendLogin, timing: Timing) {
    this.#account = account;
    this.#send = send;
    this.#timing = timing;
  }

  /** @throws ScannerError `docker_hub_login_refused`, DockerHubError, or the signal's reason */
  async token(signal?: AbortSignal): Promise<string> {
    while (this.#held === null || this.#timing.clock.elapsed() >= this.#held.renewAt) {
      try {
        this.#held = await (this.#pending ??= this.#signIn(signal));
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof GivenUp)) throw error;
      }
    }
    return this.#held.text;
  }

  /** Docker Hub no longer takes this token. */
  forget(token: string): void {
    if (this.#held?.text === token) this.#held = null;
  }

  async #signIn(signal?: AbortSignal): Promise<HeldToken> {
    try {
      return await this.#newToken(signal);
    } catch (error) {
      throw signal?.aborted === true ? new GivenUp('whoever began to sign in gave up', { cause: error }) : error;
    } finally {
      this.#pending = null;
    }
  }

  async #newToken(signal?: AbortSignal): Promise<HeldToken> {
    const { identifier, secret } = this.#account;
    const body = JSON.stringify({ identifier, secret });
    const answer = LoginAnswer.safeParse(await this.#sendLogin(body, signal));
    if (!answer.success) {
      throw new DockerHubError('Docker Hub answered the login without a token', { code: 'bad_answer' });
    }
    const token = answer.data.access_token;
    return { text: token, renewAt: this.#timing.clock.elapsed() + lifetimeOf(token) * USED_PART };
  }

  async #sendLogin(body: string, signal?: AbortSignal): Promise<unknown> {
    try {
      return await this.#send({ method: 'POST', headers: { 'content-type': 'application/json' }, body }, signal);
    } catch (error) {
      if (!DockerHubError.is(error) || !['unauthorized', 'forbidden'].includes(error.code)) throw error;
      throw refusedLogin(this.#account, error);
    }
  }
}

const MAX_SAID = 300;

/** With what Docker Hub says of it, which may be that nothing is wrong with the account. */
const refusedLogin = ({ identifier, secret }: DockerHubAccount, error: DockerHubError): ScannerError => {
  const said = sanitizeForTerminal((error.said ?? '').replaceAll(secret, '***').trim().slice(0, MAX_SAID));
  const sentence = `Docker Hub does not let ${identifier} sign in`;
  return new ScannerError(said === '' ? sentence : `${sentence}: it says "${said}"`, {
    code: 'docker_hub_login_refused',
    hint: adviceOn(said),
    cause: error,
  });
};

const adviceOn = (said: string): string => {
  if (/\btoo many\b|\btry again\b|\blocked\b/i.test(said))
    return 'wait until Docker Hub takes logins of this account again, or leave user name and token out';
  if (/\bMFA\b|\b2FA\b|secondary authentication|two.factor/i.test(said))
    return 'give a personal access token in place of the password';
  return 'check the user name and the access token, or leave both out to go on without signing in';
};

/** Milliseconds that a token holds from its issue on, by its own claims where they can be read. */
export const lifetimeOf = (token: string): number => {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { iat, exp } = TokenClaims.parse(claims);
    return exp > iat ? Math.min((exp - iat) * 1000, USUAL_LIFETIME_MS) : USUAL_LIFETIME_MS;
  } catch {
    return USUAL_LIFETIME_MS;
  }
};
