import { parseOutsideJson } from '@scanner/core';
import type { Clock } from '@scanner/core';
import { z } from 'zod';

import type { RegistryLogin } from '../trivy/registry-credentials.ts';
import type { Challenge } from './challenge.ts';
import { failed, failureOf, refusalOf } from './failed-answer.ts';
import type { FailedAnswer } from './failed-answer.ts';
import { isSafeNext } from './registry-address.ts';
import type { ManifestPlace } from './registry-address.ts';
import type { RegistryClient, RegistryRequest } from './registry-client.ts';

export type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

/** An `Authorization` header that holds until a moment of the monotonic clock. */
export interface Authorization {
  readonly status: 'granted';
  readonly header: string;
  readonly until: number;
}

const DEFAULT_LIFETIME_S = 60;
const LONGEST_LIFETIME_S = 24 * 3600;
/** A token is not used for its last tenth, in which a request may still be under way. */
const USED_SHARE = 0.9;

const LONGEST_TOKEN = 32 * 1024;

/** Null for one that is missing, empty or cannot be sent: some servers always write both fields, one of them empty. */
const token = z
  .string()
  .max(LONGEST_TOKEN)
  .regex(/^[\x21-\x7e]+$/)
  .nullish()
  .catch(null);

const TokenAnswer = z.object({
  token,
  access_token: token,
  expires_in: z.number().positive().max(LONGEST_LIFETIME_S).catch(DEFAULT_LIFETIME_S),
});

export const basicAuthorization = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Fetches the token that a registry's challenge asks for, from the server that the challenge names. */
export class BearerTokens {
  readonly #client: RegistryClient;
  readonly #clock: Clock;

  constructor(client: RegistryClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Never rejects. */
  async fetch(
    challenge: BearerChallenge,
    place: ManifestPlace,
    login: RegistryLogin | null,
    signal: AbortSignal,
  ): Promise<Authorization | FailedAnswer> {
    const realm = URL.parse(challenge.realm);
    if (realm === null || !isSafeNext(realm, place.url))
      return failed('registry_error', `${place.registry} names a token server that is not safe to ask`);
    const asked = this.#clock.elapsed();
    const request = tokenRequest(realm, challenge, place, login);
    const answer = await this.#client.ask(request, signal).catch((error: unknown) => failureOf(error, realm.host));
    if ('reason' in answer) return answer;
    if (answer.status === 401 && login !== null)
      return failed('unauthorized', `${realm.host} refuses the login that is kept for ${place.registry}`);
    if (answer.status !== 200)
      return refusalOf(answer, { host: realm.host, repository: place.repository }, this.#clock.now());
    const read = readToken(answer.body);
    if (read === null) return failed('registry_error', `${realm.host} answers without a token`);
    return {
      status: 'granted',
      header: `Bearer ${read.token}`,
      until: asked + read.lifetimeSeconds * 1000 * USED_SHARE,
    };
  }
}

const tokenRequest = (
  realm: URL,
  challenge: BearerChallenge,
  { repository }: ManifestPlace,
  login: RegistryLogin | null,
): RegistryRequest => {
  const scope = challenge.scope ?? `repository:${repository}:pull`;
  if (login !== null && 'identityToken' in login) return exchange(realm, challenge.service, scope, login.identityToken);
  const url = new URL(realm);
  if (challenge.service !== null) url.searchParams.set('service', challenge.service);
  for (const one of scope.split(' ').filter(Boolean)) url.searchParams.append('scope', one);
  return { method: 'GET', url, authorization: login === null ? null : basicAuthorization(login) };
};

/** An identity token stands in for name and password, and never goes into an address. */
const exchange = (url: URL, service: string | null, scope: string, identityToken: string): RegistryRequest => ({
  method: 'POST',
  url,
  authorization: null,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'gts',
    ...(service !== null && { service }),
    scope,
    refresh_token: identityToken,
  }).toString(),
});

const readToken = (body: Buffer): { readonly token: string; readonly lifetimeSeconds: number } | null => {
  const answer = TokenAnswer.safeParse(parseJson(body));
  const found = answer.data?.token ?? answer.data?.access_token;
  return answer.data === undefined || typeof found !== 'string'
    ? null
    : { token: found, lifetimeSeconds: answer.data.expires_in };
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return parseOutsideJson(bytes.toString('utf8'));
  } catch {
    return null;
  }
};
