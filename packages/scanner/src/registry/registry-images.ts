import type { Readable } from 'node:stream';

import { parseReference } from '@scanner/core';
import type { Clock, Reference } from '@scanner/core';
import type { Dispatcher } from 'undici';

import type { RegistryCredentials } from '../trivy/registry-credentials.ts';
import { headerOf } from './answer-headers.ts';
import { authorizedClient } from './authorized-client.ts';
import type { AuthorizedClient } from './authorized-client.ts';
import type { FailedAnswer } from './failed-answer.ts';
import { isDigestOf, isForPlatform, readConfig, readManifest } from './image-manifest.ts';
import type { DescribedImage, ForPlatform, ImageManifest, NoImage, RegistryLayer } from './image-manifest.ts';
import { digestOfBytes, MANIFEST_TYPES } from './manifest-digest.ts';
import { placeOf, RegistryMirrors } from './registry-address.ts';
import type { ManifestPlace } from './registry-address.ts';
import { DEFAULT_DEADLINES, UnusableAnswer } from './registry-client.ts';
import type { RegistryAnswer, RegistryDeadlines } from './registry-client.ts';

export interface RegistryImagesOptions {
  readonly credentials: RegistryCredentials;
  /** Mirrors by registry host: where there are some, only the first is asked. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  readonly dispatcher?: Dispatcher | undefined;
  readonly clock: Clock;
  /** 15 s for a request and 60 s for who we are unless told. */
  readonly deadlines?: RegistryDeadlines;
}

/** An image of a registry, all of its description checked against its digests. */
export interface RegistryImage {
  /** Digest of its configuration. */
  readonly imageId: string;
  /** Digest of what the reference names: of an index, where it names one. */
  readonly digest: string;
  /** Digest of the image's own manifest. */
  readonly manifest: string;
  /** `os/architecture[/variant]` */
  readonly platform: string;
  /** Base first. */
  readonly layers: readonly RegistryLayer[];
  readonly place: ManifestPlace;
}

/**
 * The registry does not give it out, or not as layers that could be got one by one: an artifact, another platform, layers
 * that lie elsewhere. That happens to good images too.
 */
export class NotPullable extends Error {}

/** What an index has for the wanted platform is no image. Trivy would take it for one in which nothing is found. */
export class NotAnImage extends NotPullable {}

/** The registry has not said what it is made of. */
class NotGiven extends NotPullable {}

/**
 * Looks into the images of registries, so that single layers can be got. It asks for each manifest once: they count as
 * pulls, and who wants the image all the same has patience of its own.
 */
export class RegistryImages {
  readonly #client: AuthorizedClient;
  readonly #credentials: RegistryCredentials;
  readonly #mirrors: RegistryMirrors;

  /** @throws ScannerError `setting_invalid` for a mirror that is none */
  constructor({ credentials, mirrors, dispatcher, clock, deadlines = DEFAULT_DEADLINES }: RegistryImagesOptions) {
    this.#client = authorizedClient({ credentials, dispatcher, clock, deadlines });
    this.#credentials = credentials;
    this.#mirrors = new RegistryMirrors(mirrors);
  }

  /**
   * @param platform `os/architecture[/variant]`; an index is asked for `linux/amd64` unless told
   * @throws NotPullable; UnusableAnswer for answers that no registry may give; what undici throws where the network
   *   fails; ScannerError from the credentials
   */
  async find(text: string, platform: string | undefined, signal: AbortSignal): Promise<RegistryImage> {
    const parsed = parseReference(text);
    const place = parsed.ok ? this.#placeOf(parsed.reference) : null;
    if (!parsed.ok || place === null) throw new NotPullable('it is no reference to a registry');
    // What is wrong with the logins shows at once, not only where one is needed.
    await this.#credentials.find(place.registry, signal);
    const { digest, content } = await this.#manifest(place, parsed.reference.digest, platform, signal);
    const own = 'child' in content ? content.child : digest;
    const manifest = 'child' in content ? await this.#child(content.child, place, signal) : content;
    if ('artifact' in manifest) throw new NotPullable('it is no image in layers');
    const { config, layers } = manifest;
    const described = await this.#describe(config, place, signal);
    if (!isForPlatform(described.platform, platform)) throw new NotPullable('it is for another platform');
    if (described.layers.length !== layers.length || layers.length === 0)
      throw new NotPullable('it has other layers than it states');
    const both = layers.flatMap((layer, index) => {
      const stated = described.layers[index];
      return stated === undefined ? [] : [{ ...stated, digest: layer.digest, size: layer.size }];
    });
    return { imageId: config.digest, digest, manifest: own, platform: described.platform, layers: both, place };
  }

  /**
   * What comes is not checked yet. It has to be read to its end, or destroyed.
   *
   * @throws as `find` does
   */
  async openLayer(
    { place }: Pick<RegistryImage, 'place'>,
    { digest }: Pick<RegistryLayer, 'digest'>,
    signal: AbortSignal,
  ): Promise<Readable> {
    const answer = await this.#client.open({ method: 'GET', url: blobAddress(place, digest) }, place, signal);
    if ('stream' in answer) return answer.stream;
    throw notGiven(answer);
  }

  #placeOf(reference: Reference): ManifestPlace | null {
    const [first = reference] = this.#mirrors.of(reference);
    return placeOf(first);
  }

  async #manifest(
    place: ManifestPlace,
    wanted: string | null,
    platform: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string; readonly content: ImageManifest | ForPlatform | NoImage }> {
    const headers = { accept: MANIFEST_TYPES };
    const answer = await this.#client.ask({ method: 'GET', url: place.url, headers, attempts: 1 }, place, signal);
    if ('reason' in answer || answer.status !== 200) throw notGiven(answer);
    const digest = digestOfBytes(answer.body, wanted);
    const content = readManifest(answer.body, headerOf(answer.headers, 'content-type'), platform);
    if (content === null || !digest.startsWith('sha256:')) throw new NotPullable('it is no image in layers');
    return { digest, content };
  }

  async #child(digest: string, place: ManifestPlace, signal: AbortSignal): Promise<ImageManifest> {
    const there = { ...place, url: new URL(`./${digest}`, place.url) };
    const { content } = await this.#manifest(there, digest, undefined, signal);
    if ('child' in content) throw new NotPullable('it is an index in an index');
    if ('artifact' in content) throw new NotAnImage(`what it has for the platform is ${shown(content.artifact)}`);
    return content;
  }

  async #describe(
    { digest }: ImageManifest['config'],
    place: ManifestPlace,
    signal: AbortSignal,
  ): Promise<DescribedImage> {
    const url = blobAddress(place, digest);
    const answer = await this.#client.ask({ method: 'GET', url, attempts: 1 }, place, signal);
    if ('reason' in answer || answer.status !== 200) throw notGiven(answer);
    if (!isDigestOf(digest, answer.body)) throw new UnusableAnswer('sends another configuration than was asked for');
    return readConfig(answer.body);
  }
}

const MEDIA_TYPE = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/;

/** As it came from outside, where that is harmless. */
const shown = (mediaType: string): string => (MEDIA_TYPE.test(mediaType) ? mediaType : 'no image');

const blobAddress = ({ url }: ManifestPlace, digest: string): URL => new URL(`../blobs/${digest}`, url);

const notGiven = (answer: FailedAnswer | Pick<RegistryAnswer, 'status'>): NotGiven =>
  new NotGiven('reason' in answer ? answer.reason.message : `the registry answers with status ${answer.status}`);
