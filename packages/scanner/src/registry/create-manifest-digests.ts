import { formatReference, parseReference, ScannerError } from '@scanner/core';
import type { Clock, DigestAnswer, DigestOptions, Log, ManifestDigests, Reference } from '@scanner/core';
import type { Dispatcher } from 'undici';

import type { RegistryCredentials } from '../trivy/registry-credentials.ts';
import { authorizedClient } from './authorized-client.ts';
import type { AuthorizedClient } from './authorized-client.ts';
import { failed, failureOf, refusalOf } from './failed-answer.ts';
import type { FailedAnswer } from './failed-answer.ts';
import { headerOf } from './answer-headers.ts';
import { digestInHeaders, digestOfBytes, isWebPage, MANIFEST_TYPES } from './manifest-digest.ts';
import { readAllowance } from './pull-allowance.ts';
import { placeOf, RegistryMirrors } from './registry-address.ts';
import type { ManifestPlace } from './registry-address.ts';
import { DEFAULT_DEADLINES, UnusableAnswer } from './registry-client.ts';
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
  readonly #resting = new Map<string, { readonly until: number; readonly reason: string }>();

  constructor({ credentials, mirrors, dispatcher, clock, log, deadlines = DEFAULT_DEADLINES }: ManifestDigestsOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#mirrors = new RegistryMirrors(mirrors);
    this.#deadlines = deadlines;
    this.#client = authorizedClient({ credentials, dispatcher, clock, deadlines });
  }

  async digestOf(
    text: string,
    _platform: string,
    signal?: AbortSignal,
    { byContent = false }: DigestOptions = {},
  ): Promise<DigestAnswer> {
    const parsed = parseReference(text);
    if (!parsed.ok) return failed('bad_reference', parsed.problem);
    const passedOver: string[] = [];
    for (const mirror of this.#mirrors.of(parsed.reference)) {
      const resting = this.#restReason(mirror);
      const answer = resting === null ? await this.#askAt(mirror, byContent, signal) : failed('network', resting);
      if (answer.status === 'found' || answer.reason.code === 'interrupted') return answer;
      if (resting === null) this.#passOver(mirror, answer);
      passedOver.push(answer.reason.message);
    }
    const answer = await this.#askAt(parsed.reference, byContent, signal);
    if (answer.status === 'found' || passedOver.length === 0) return answer;
    const message = `${answer.reason.message}; of its mirrors: ${passedOver.join(', ')}`;
    return { ...answer, reason: { ...answer.reason, message } };
  }

  async #askAt(reference: Reference, byContent: boolean, caller: AbortSignal | undefined): Promise<DigestAnswer> {
    const place = placeOf(reference);
    if (place === null) return failed('bad_reference', `${formatReference(reference)} names no host`);
    const whole = AbortSignal.timeout(this.#deadlines.whole);
    const signal = caller === undefined ? whole : AbortSignal.any([caller, whole]);
    try {
      const head = byContent ? UNSAID : await this.#askHead(place, reference.digest, signal);
      return head.status === 'unsaid' ? await this.#askContent(place, reference.digest, head, signal) : head;
    } catch (error) {
      if (caller?.aborted) return failed('interrupted', 'stopped before the registry answered');
      if (ScannerError.is(error)) throw error;
      return failureOf(error, place.registry);
    }
  }

  async #askHead(place: ManifestPlace, wanted: string | null, signal: AbortSignal): Promise<DigestAnswer | Unsaid> {
    const head = await this.#client.ask({ method: 'HEAD', ...asking(place), attempts: 2 }, place, signal);
    if ('reason' in head) return 'noLogin' in head ? UNSAID : head;
    if (isRefusedForGood(head)) return this.#refusal(head, place);
    if (head.status !== 200) return head.status < 500 ? UNSAID : { ...UNSAID, attempts: 1 };
    const digest = digestInHeaders(head.headers);
    const allowance = readAllowance(head.headers, this.#clock.now());
    return digest !== null && (wanted === null || digest === wanted) ? { status: 'found', digest, allowance } : UNSAID;
  }

  async #askContent(
    place: ManifestPlace,
    wanted: string | null,
    { attempts }: Unsaid,
    signal: AbortSignal,
  ): Promise<DigestAnswer> {
    const answer = await this.#client.ask({ method: 'GET', ...asking(place), attempts }, place, signal);
    if ('reason' in answer) {
      const { reason, allowance, retryAt } = answer;
      return { status: 'failed', reason, allowance, retryAt };
    }
    if (answer.status !== 200) return this.#refusal(answer, place);
    if (isWebPage(answer.headers)) throw new UnusableAnswer('answers with a web page');
    const digest = digestOfBytes(answer.body, wanted);
    return { status: 'found', digest, allowance: readAllowance(answer.headers, this.#clock.now()) };
  }

  #refusal(answer: RegistryAnswer, { registry, repository }: ManifestPlace): FailedAnswer {
    return refusalOf(answer, { host: registry, repository }, this.#clock.now());
  }

  /** That a mirror lacks an image is its nature; other failures are told once. */
  #passOver(mirror: Reference, { reason }: FailedAnswer): void {
    const host = mirror.host ?? '';
    if (reason.code === 'network')
      this.#resting.set(host, { until: this.#clock.elapsed() + MIRROR_REST_MS, reason: reason.message });
    const key = `${host} ${reason.code}`;
    if (reason.code === 'not_found' || this.#warnedOf.has(key)) return;
    this.#warnedOf.add(key);
    this.#log.warn('a registry mirror is passed over', { mirror: host, reason: reason.message });
  }

  /** Why a mirror is not asked for a while. */
  #restReason({ host }: Reference): string | null {
    const resting = this.#resting.get(host ?? '');
    return resting !== undefined && resting.until > this.#clock.elapsed() ? resting.reason : null;
  }
}

const asking = ({ url }: ManifestPlace) => ({ url, headers: { accept: MANIFEST_TYPES } });

/** A mirror out of reach would cost every image its deadline. */
const MIRROR_REST_MS = 60_000;

/** The manifest itself has to be asked for, so often: who refuses a `HEAD`, or shows a web page for it, may well give it. */
interface Unsaid {
  readonly status: 'unsaid';
  readonly attempts: number;
}

const UNSAID: Unsaid = { status: 'unsaid', attempts: 3 };

/** Of who asks or how often, or of everything for a time that is named; not of `HEAD`. */
const isRefusedForGood = ({ status, headers }: RegistryAnswer): boolean =>
  status === 401 || status === 429 || (status >= 500 && status !== 501 && headerOf(headers, 'retry-after') !== null);
