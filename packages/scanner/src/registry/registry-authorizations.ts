import type { Clock } from '@scanner/core';

import { orAborted } from '../or-aborted.ts';
import type { RegistryCredentials, RegistryLogin } from '../trivy/registry-credentials.ts';
import { joinedHeader } from './answer-headers.ts';
import { basicAuthorization, BearerTokens } from './bearer-tokens.ts';
import type { Authorization } from './bearer-tokens.ts';
import { parseChallenges } from './challenge.ts';
import { failed, refusalOf } from './failed-answer.ts';
import type { FailedAnswer } from './failed-answer.ts';
import type { ManifestPlace } from './registry-address.ts';
import type { RegistryAnswer, RegistryClient } from './registry-client.ts';

export interface AuthorizationParts {
  readonly client: RegistryClient;
  readonly credentials: RegistryCredentials;
  readonly clock: Clock;
  /** Milliseconds after which nobody waits for a token any more. */
  readonly deadline: number;
}

/** Nothing was sent that could be refused. */
export interface NoLogin extends FailedAnswer {
  readonly noLogin: true;
}

const MOST_REMEMBERED = 4096;
const LOGIN_LIFETIME_MS = 5 * 60_000;

/** Who we are to each registry: found out when it challenges, kept per repository for as long as it holds. */
export class RegistryAuthorizations {
  readonly #parts: AuthorizationParts;
  readonly #tokens: BearerTokens;
  readonly #remembered = new Map<string, Authorization>();
  readonly #underWay = new Map<string, Promise<Authorization | FailedAnswer | NoLogin>>();

  constructor(parts: AuthorizationParts) {
    this.#parts = parts;
    this.#tokens = new BearerTokens(parts.client, parts.clock);
  }

  /** The `Authorization` header to ask with, null for none. */
  known(place: ManifestPlace): string | null {
    return this.#fresh(place)?.header ?? null;
  }

  forget(place: ManifestPlace): void {
    this.#remembered.delete(keyOf(place));
  }

  /**
   * Meets the challenge of an answer with status 401 to a request that was sent with `sent`. What several want at once is
   * fetched once, and goes on for the others when one of them gives up.
   *
   * @throws the signal's reason; ScannerError from the credentials
   */
  async meet(
    challenge: RegistryAnswer,
    place: ManifestPlace,
    sent: string | null,
    signal: AbortSignal,
  ): Promise<Authorization | FailedAnswer | NoLogin> {
    signal.throwIfAborted();
    const meanwhile = this.#fresh(place);
    if (meanwhile !== null && meanwhile.header !== sent) return meanwhile;
    const key = keyOf(place);
    let fetching = this.#underWay.get(key);
    if (fetching === undefined) {
      fetching = this.#obtain(challenge, place).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, fetching);
    }
    return orAborted(fetching, signal);
  }

  #fresh(place: ManifestPlace): Authorization | null {
    const found = this.#remembered.get(keyOf(place));
    return found !== undefined && found.until > this.#parts.clock.elapsed() ? found : null;
  }

  async #obtain(challenge: RegistryAnswer, place: ManifestPlace): Promise<Authorization | FailedAnswer | NoLogin> {
    const signal = AbortSignal.timeout(this.#parts.deadline);
    const login = await this.#parts.credentials.find(place.registry, signal);
    const answer = await this.#answerTo(challenge, place, login, signal);
    if (answer.status === 'granted') this.#remember(place, answer);
    return answer;
  }

  async #answerTo(
    challenge: RegistryAnswer,
    place: ManifestPlace,
    login: RegistryLogin | null,
    signal: AbortSignal,
  ): Promise<Authorization | FailedAnswer | NoLogin> {
    const challenges = parseChallenges(joinedHeader(challenge.headers, 'www-authenticate'));
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer?.scheme === 'bearer') return this.#tokens.fetch(bearer, place, login, signal);
    const { clock } = this.#parts;
    if (challenges.length === 0)
      return refusalOf(challenge, { host: place.registry, repository: place.repository }, clock.now());
    if (login === null)
      return { ...failed('unauthorized', `${place.registry} wants a login, and there is none for it`), noLogin: true };
    if ('identityToken' in login)
      return failed('unauthorized', `${place.registry} wants a name and a password, and there is only a token for it`);
    return { status: 'granted', header: basicAuthorization(login), until: clock.elapsed() + LOGIN_LIFETIME_MS };
  }

  /** The oldest makes room. */
  #remember(place: ManifestPlace, authorization: Authorization): void {
    const key = keyOf(place);
    this.#remembered.delete(key);
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size >= MOST_REMEMBERED) this.#remembered.delete(oldest);
    this.#remembered.set(key, authorization);
  }
}

const keyOf = ({ url, repository }: ManifestPlace): string => `${url.origin}/${repository}`;
