import type { Clock } from '@scanner/core';
import type { Dispatcher } from 'undici';

import type { RegistryCredentials } from '../trivy/registry-credentials.ts';
import type { FailedAnswer } from './failed-answer.ts';
import type { ManifestPlace } from './registry-address.ts';
import { RegistryAuthorizations } from './registry-authorizations.ts';
import { RegistryClient } from './registry-client.ts';
import type { RegistryAnswer, RegistryDeadlines, RegistryRequest, RegistryStream } from './registry-client.ts';

/** What is asked of a repository; who asks is found out. */
export type RepositoryRequest = Omit<RegistryRequest, 'authorization' | 'body'>;

/** Asks repositories, and says who asks where a registry wants to know. */
export class AuthorizedClient {
  readonly #client: RegistryClient;
  readonly #authorizations: RegistryAuthorizations;

  constructor(client: RegistryClient, authorizations: RegistryAuthorizations) {
    this.#client = client;
    this.#authorizations = authorizations;
  }

  /** @throws as `RegistryClient.ask` does; ScannerError from the credentials */
  ask(asked: RepositoryRequest, place: ManifestPlace, signal: AbortSignal): Promise<RegistryAnswer | FailedAnswer> {
    return this.#authorized(place, signal, (authorization) => this.#client.ask({ ...asked, authorization }, signal));
  }

  /** @throws as `ask` does */
  open(
    asked: RepositoryRequest,
    place: ManifestPlace,
    signal: AbortSignal,
  ): Promise<RegistryAnswer | RegistryStream | FailedAnswer> {
    return this.#authorized(place, signal, (authorization) => this.#client.open({ ...asked, authorization }, signal));
  }

  async #authorized<Answer extends RegistryAnswer | RegistryStream>(
    place: ManifestPlace,
    signal: AbortSignal,
    send: (authorization: string | null) => Promise<Answer>,
  ): Promise<Answer | FailedAnswer> {
    const sent = this.#authorizations.known(place);
    const first = await send(sent);
    const challenge: RegistryAnswer | RegistryStream = first;
    // Another host's challenge is not for the login of this one.
    if ('stream' in challenge || challenge.status !== 401 || challenge.elsewhere) return first;
    const met = await this.#authorizations.meet(challenge, place, sent, signal);
    if (met.status === 'failed') return met;
    const second = await send(met.header);
    if (second.status === 401) this.#authorizations.forget(place);
    return second;
  }
}

export interface AuthorizedClientParts {
  readonly credentials: RegistryCredentials;
  /** undici's own where there is none. */
  readonly dispatcher: Dispatcher | undefined;
  readonly clock: Clock;
  readonly deadlines: RegistryDeadlines;
}

export const authorizedClient = ({
  credentials,
  dispatcher,
  clock,
  deadlines,
}: AuthorizedClientParts): AuthorizedClient => {
  const client = new RegistryClient(deadlines, dispatcher);
  return new AuthorizedClient(
    client,
    new RegistryAuthorizations({ client, credentials, clock, deadline: deadlines.whole }),
  );
};
