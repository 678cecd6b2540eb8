import { formatReference, parseReference, ScannerError } from '@scanner/core';
import type { Clock, DigestAnswer, Log, ManifestDigests, Reference } from '@scanner/core';
import type { Dispatcher } from 'undici';

import type { RegistryCredentials } from '../trivy/registry-credentials.ts';
import { authorizedClient } from './authorized-client.ts';
import type { AuthorizedClient } from './authorized-client.ts';
import { failed, failureOf, refusalOf } from './failed-answer.ts';
import type { FailedAnswer } from './failed-answer.ts';
import { digestInHeaders, digestOfBytes, MANIFEST_TYPES } from './manifest-digest.ts';
import { readAllowance } from './pull-allowance.ts';
import { placeOf, RegistryMirrors } from './registry-address.ts';
import type { ManifestPlace } from './registry-address.ts';
import { DEFAULT_DEADLINES } from './registry-client.ts';
import type { RegistryAnswer, RegistryDeadlines } from './registry-client.ts';

export interface ManifestDigestsOptions {
  readonly credentials: RegistryCredentials;
  /** Mirrors by registry host, such as `docker.io`, each `host[:port][/path]`, asked in order before the registry itself. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** undici's own unless told; one that goes through a proxy, say. */
  readonly dispatcher?: Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  /** 15 s for a request and 60 s for an image at one place unless told. */
  readonly deadlines?: RegistryDeadlines;
}

/**
 * Asks registries over HTTP, with `HEAD` wherever that is enough: Docker Hub does not count it as a pull. The digest is
 * that of the index where there is one for several platforms; whether it holds the wanted one shows when it is pulled.
 *
 * @throws ScannerError `setting_invalid` for a mirror that is none; from `digestOf`, what the credentials throw
 */
export const createManifestDigests = (options: ManifestDigestsOptions): ManifestDigests => new RegistryDigests(options);

class RegistryDigests implements ManifestDigests {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mirrors: RegistryMirrors;
  readonly #deadlines: RegistryDeadlines;
  readonly #client: AuthorizedClient;
  readonly #warnedOf = new Set<string>();
  readonly #restingUntil = new Map<string, number>();

  constructor({ credentials, mirrors, dispatcher, clock, log, deadlines = DEFAULT_DEADLINES }: ManifestDigestsOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#mirrors = new RegistryMirrors(mirrors);
    this.#deadlines = deadlines;
    this.#client = authorizedClient({ credentials, dispatcher, clock, deadlines });
  }

  async digestOf(text: string, _platform: string, signal?: AbortSignal): Promise<DigestAnswer> {
    const parsed = parseReference(text);
    if (!parsed.ok) return failed('bad_reference', parsed.problem);
    for (const mirror of this.#mirrors.of(parsed.reference)) {
      if (this.#isResting(mirror)) continue;
      const answer = await this.#askAt(mirror, signal);
      if (answer.status === 'found' || answer.reason.code === 'interrupted') return answer;
      this.#passOver(mirror, answer);
    }
    return this.#askAt(parsed.reference, signal);
  }

  async #askAt(reference: Reference, caller: AbortSignal | undefined): Promise<DigestAnswer> {
    const place = placeOf(reference);
    if (place === null) return failed('bad_reference', `${formatReference(reference)} names no host`);
    const whole = AbortSignal.timeout(this.#deadlines.whole);
    const signal = caller === undefined ? whole : AbortSignal.any([caller, whole]);
    try {
      return await this.#ask(place, reference.digest, signal);
    } catch (error) {
      if (caller?.aborted) return failed('interrupted', 'stopped before the registry answered');
      if (ScannerError.is(error)) throw error;
      return failureOf(error, place.registry);
    }
  }

  async #ask(place: ManifestPlace, wanted: string | null, signal: AbortSignal): Promise<DigestAnswer> {
    const head = await this.#request('HEAD', place, signal);
    if ('reason' in head) return head;
    const allowance = readAllowance(head.headers, this.#clock.now());
    if (!NO_HEAD.has(head.status)) {
      if (head.status !== 200) return this.#refusal(head, place);
      const digest = digestInHeaders(head.headers);
      if (digest !== null && (wanted === null || digest === wanted)) return { status: 'found', digest, allowance };
    }
    const body = await this.#request('GET', place, signal);
    if ('reason' in body) return body;
    if (body.status !== 200) return this.#refusal(body, place);
    const digest = digestOfBytes(body.body, wanted);
    return { status: 'found', digest, allowance: readAllowance(body.headers, this.#clock.now()) };
  }

  #request(method: 'HEAD' | 'GET', place: ManifestPlace, signal: AbortSignal): Promise<RegistryAnswer | FailedAnswer> {
    return this.#client.ask({ method, url: place.url, headers: { accept: MANIFEST_TYPES } }, place, signal);
  }

  #refusal(answer: RegistryAnswer, { registry, repository }: ManifestPlace): FailedAnswer {
    return refusalOf(answer, { host: registry, repository }, this.#clock.now());
  }

  /** That a mirror lacks an image is its nature; other failures are told once. */
  #passOver(mirror: Reference, { reason }: FailedAnswer): void {
    const host = mirror.host ?? '';
    if (reason.code === 'network') this.#restingUntil.set(host, this.#clock.elapsed() + MIRROR_REST_MS);
    const key = `${host} ${reason.code}`;
    if (reason.code === 'not_found' || this.#warnedOf.has(key)) return;
    this.#warnedOf.add(key);
    this.#log.warn('a registry mirror is passed over', { mirror: host, reason: reason.message });
  }

  #isResting({ host }: Reference): boolean {
    return (this.#restingUntil.get(host ?? '') ?? 0) > this.#clock.elapsed();
  }
}

/** A mirror out of reach would cost every image its deadline. */
const MIRROR_REST_MS = 60_000;

/** The registry knows no `HEAD`. */
const NO_HEAD: ReadonlySet<number> = new Set([405, 501]);
