import type {
  BlobCache,
  HostImage,
  ImageListing,
  ImageSource,
  Log,
  PlannedImage,
  UnreadableImage,
} from '@scanner/core';
import { mapBounded, parseReference, silentLog } from '@scanner/core';

import { containerUses } from './container-uses.ts';
import type { DockerEndpoint } from './docker-endpoint.ts';
import { ImageId, InfoAnswer, NamedImageDetails } from './engine-answers.ts';
import type { ImageDetails, ImageRow, VersionAnswer } from './engine-answers.ts';
import { EngineConnection } from './engine-connection.ts';
import { oneLine } from './engine-failure.ts';
import { greetEngine } from './engine-greeting.ts';
import type { EngineGreeting } from './engine-greeting.ts';
import { containersOf, inspect, listImages, parseOrNull, unreadable } from './image-list.ts';
import type { ListedImage, Session, Uses } from './image-list.ts';
import { imageReferences, MOST_NAMES } from './image-references.ts';
import { InspectedImages } from './inspected-images.ts';
import type { ImageArchive, ImageExport } from '../image-export/image-export.ts';

export interface DockerEngineOptions {
  readonly log?: Log;
  /** How long the engine may take for its first answer; 10 seconds unless told. */
  readonly patienceSeconds?: number;
  /** Outlives the process: what is in it of an image need not be asked for again. */
  readonly memory?: Pick<BlobCache, 'get' | 'set'>;
}

/** An engine's word on itself. */
export interface EngineDescription {
  /** The API version spoken with it. */
  readonly apiVersion: string;
  readonly engineVersion: string | null;
  /** In a containerd store an image's ID is the digest of its manifest or index. */
  readonly store: 'classic' | 'containerd' | 'unknown';
  /** `Docker`, or what else the engine calls itself, e.g. `Podman Engine`. */
  readonly name: string;
}

export interface DockerEngine extends ImageSource, ImageExport {
  /** @throws ScannerError as `list` does */
  describe(signal?: AbortSignal): Promise<EngineDescription>;
  /**
   * What the engine's machine is called; null where the engine does not say.
   *
   * @throws ScannerError as `list` does
   */
  hostName(signal?: AbortSignal): Promise<string | null>;
}

/**
 * The images of a Docker engine, or of what speaks its API. Connects when asked, and keeps no connection.
 *
 * @example
 * const engine = createDockerEngine(await resolveDockerHost({ env, homeDir }), { log });
 * const { images, warnings } = await engine.list(signal);
 */
export const createDockerEngine = (endpoint: DockerEndpoint, options: DockerEngineOptions = {}): DockerEngine =>
  new ApiEngine(endpoint, options);

/** An engine's lists grow with the host, and it may be busy: patience, with an end. */
const ANSWER_SECONDS = 300;
/** A classic engine puts all layers together before the first byte. */
const EXPORT_SILENCE_SECONDS = 900;
const INSPECTS_AT_ONCE = 8;
const NAMED_IN_WARNING = 3;

/** What asking for one image came to. */
type Look =
  | { readonly image: HostImage }
  | { readonly unreadable: UnreadableImage }
  | { readonly gone: ListedImage }
  /** No image that could run, such as an attestation. */
  | { readonly other: string };

/** What an engine says of itself. */
interface Introduction extends EngineGreeting {
  /** Null where it would not say more than its version. */
  readonly info: InfoAnswer | null;
}

class ApiEngine implements DockerEngine {
  readonly #endpoint: DockerEndpoint;
  readonly #log: Log;
  readonly #patienceSeconds: number | undefined;
  readonly #memory: InspectedImages | null;
  #introduction: Promise<Introduction> | undefined;
  /** By ID and size, since another platform pulled into an index leaves the ID as it is. */
  #details: ReadonlyMap<string, ImageDetails> = new Map();

  constructor(endpoint: DockerEndpoint, { log, patienceSeconds, memory }: DockerEngineOptions) {
    this.#endpoint = endpoint;
    this.#log = log ?? silentLog;
    this.#patienceSeconds = patienceSeconds;
    this.#memory = memory === undefined ? null : new InspectedImages(memory);
  }

  async list(signal?: AbortSignal): Promise<ImageListing> {
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const session: Session = { connection, apiVersion, signal, withinSeconds: ANSWER_SECONDS };

    const [listed, { uses, warning }] = await Promise.all([
      listImages(session),
      containerUses(connection, `/v${apiVersion}`, session),
    ]);
    const looks = await this.#lookAtAll(session, listed.images, uses);
    const images = looks.flatMap((look) => ('image' in look ? [look.image] : []));
    const gone = looks.flatMap((look) => ('gone' in look ? [look.gone] : []));
    const unreadable = [
      ...listed.unreadable,
      ...looks.flatMap((look) => ('unreadable' in look ? [look.unreadable] : [])),
      ...(await this.#stillListed(session, gone, uses)),
    ];
    return {
      images: images.toSorted(byFirstReference),
      unreadable: unreadable.toSorted(byFirstReference),
      warnings: [...tooManyNames(images), ...(warning === null ? [] : [warning])],
    };
  }

  async exportImages(ids: readonly string[], signal: AbortSignal): Promise<ImageArchive> {
    using opened = new DisposableStack();
    const connection = opened.use(await EngineConnection.open(this.#endpoint));
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const names = ids.map((id) => `names=${encodeURIComponent(id)}`).join('&');
    const archive = await connection.stream(`/v${apiVersion}/images/get?${names}`, {
      signal,
      silentSeconds: EXPORT_SILENCE_SECONDS,
    });
    const standing = opened.move();
    return {
      [Symbol.asyncIterator]: () => archive[Symbol.asyncIterator](),
      [Symbol.asyncDispose]: async () => {
        await archive[Symbol.asyncDispose]();
        standing.dispose();
      },
    };
  }

  async stillThere(ids: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const { images } = await listImages({ connection, apiVersion, signal, withinSeconds: ANSWER_SECONDS });
    const there = new Set(images.map(({ id }) => id));
    return new Set(ids.filter((id) => there.has(id)));
  }

  /** A classic store computes diff IDs itself; a containerd store takes those that an image states. */
  async checksLayers(signal: AbortSignal): Promise<boolean> {
    const { store, name } = await this.describe(signal);
    return store === 'classic' && name === 'Docker';
  }

  async describeImage(name: string, signal: AbortSignal): Promise<PlannedImage | null> {
    if (!ImageId.safeParse(name).success && !parseReference(name).ok) return null;
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const answer = await connection.get(`/v${apiVersion}/images/${name}/json`, {
      signal,
      withinSeconds: ANSWER_SECONDS,
    });
    const details = answer.status === 200 ? NamedImageDetails.safeParse(parseOrNull(answer.body)).data : undefined;
    const platform = details === undefined ? null : platformOf(details);
    if (details === undefined || platform === null) return null;
    return { id: details.Id, platform, ...layersOf(details), sizeBytes: details.Size };
  }

  async describe(signal?: AbortSignal): Promise<EngineDescription> {
    const { apiVersion, version, info } = await this.#introduced(signal);
    return {
      apiVersion,
      engineVersion: version === null || version.Version === '' ? null : oneLine(version.Version),
      store: info === null ? 'unknown' : storeOf(info),
      name: nameOf(version),
    };
  }

  async hostName(signal?: AbortSignal): Promise<string | null> {
    const { info } = await this.#introduced(signal);
    return info === null ? null : oneLine(info.Name) || null;
  }

  /** Asked once: an engine counts what it holds for this. What failed is asked again. */
  #introduced(signal?: AbortSignal): Promise<Introduction> {
    this.#introduction ??= this.#introduce(signal).catch((error: unknown) => {
      this.#introduction = undefined;
      throw error;
    });
    return this.#introduction;
  }

  async #introduce(signal?: AbortSignal): Promise<Introduction> {
    using connection = await EngineConnection.open(this.#endpoint);
    const greeting = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const info = await connection.get(`/v${greeting.apiVersion}/info`, { signal, withinSeconds: ANSWER_SECONDS });
    return { ...greeting, info: info.status === 200 ? connection.parse('/info', InfoAnswer, info) : null };
  }

  async #lookAtAll(session: Session, listed: readonly ListedImage[], uses: Uses): Promise<Look[]> {
    const details = new Map<string, ImageDetails>();
    const looks = await mapBounded(listed, INSPECTS_AT_ONCE, async (each): Promise<Look> => {
      const { id, rows } = each;
      const sizeBytes = sizeOf(rows);
      const key = `${id} ${sizeBytes}`;
      const known = this.#details.get(key) ?? this.#memory?.find(id, sizeBytes);
      const found = known ?? (await inspect(session, id));
      if (found === 'gone') return { gone: each };
      if (typeof found === 'string') return { unreadable: unreadable(id, each.rows, uses, found) };
      details.set(key, found);
      if (!known) this.#memory?.remember(id, sizeBytes, found);
      const platform = platformOf(found);
      if (platform === null) return { other: this.#skip(id, 'is no image that could run, such as an attestation') };
      const containers = containersOf(id, uses);
      return {
        image: { id, ...imageReferences(rows, id), containers, platform, ...layersOf(found), sizeBytes },
      };
    });
    this.#details = details;
    return looks;
  }

  /** Those that were not there when asked for, though the engine goes on to list them. */
  async #stillListed(session: Session, gone: readonly ListedImage[], uses: Uses): Promise<UnreadableImage[]> {
    if (gone.length === 0) return [];
    const listed = await listImages(session);
    const there = new Set(listed.images.map(({ id }) => id));
    return gone.flatMap(({ id, rows }) => {
      if (there.has(id)) return [unreadable(id, rows, uses, 'it lists the image and says that it is not there')];
      this.#skip(id, 'was removed while it was inspected');
      return [];
    });
  }

  #skip(id: string, why: string): string {
    this.#log.debug('An entry of the engine is left out', { id, why });
    return id;
  }
}

const sizeOf = (rows: readonly ImageRow[]): number => rows[0]?.Size ?? 0;

const tooManyNames = (images: readonly HostImage[]): string[] => {
  const many = images.filter(({ furtherNames = [] }) => furtherNames.length > 0);
  const named = many
    .slice(0, NAMED_IN_WARNING)
    .map(({ references, furtherNames = [] }) => `${furtherNames.length} of ${references[0]}`);
  if (many.length === 0) return [];
  const more = many.length > named.length ? `, and of ${many.length - named.length} more images` : '';
  return [`names beyond the first ${MOST_NAMES} of an image are left out: ${named.join(', ')}${more}`];
};

/**
 * `null` for what states no platform and has no layers, or states an unknown one: attestations and their like.
 * An image made by hand without these facts still runs, so it is no reason to leave one out.
 */
const platformOf = (details: ImageDetails): string | null => {
  const { Os, Architecture, Variant } = details;
  if (Os === 'unknown' || Architecture === 'unknown') return null;
  if (Os === '' && (details.RootFS?.Layers ?? []).length === 0) return null;
  return [Os || 'unknown', Architecture || 'unknown', ...(Variant === '' ? [] : [Variant])].join('/');
};

/** Not known where they make no sense: then the image is scanned by itself. An image without any has a list that is not there. */
const layersOf = ({ RootFS }: ImageDetails): Pick<HostImage, 'layers' | 'areLayersUnknown'> =>
  RootFS === null || RootFS === undefined || RootFS.Layers === 'unreadable'
    ? { layers: [], areLayersUnknown: true }
    : { layers: RootFS.Layers ?? [] };

const storeOf = ({ Driver, DriverStatus }: InfoAnswer): EngineDescription['store'] => {
  const isContainerd = DriverStatus?.some(
    ([key, value]) => key === 'driver-type' && value?.startsWith('io.containerd.'),
  );
  if (isContainerd === true) return 'containerd';
  return Driver === '' ? 'unknown' : 'classic';
};

const nameOf = (version: VersionAnswer | null): string => {
  const name = oneLine(version?.Components?.[0]?.Name ?? '');
  return name === '' || name === 'Engine' ? 'Docker' : name;
};

const byFirstReference = (a: Pick<HostImage, 'references'>, b: Pick<HostImage, 'references'>): number =>
  byCodeUnit(a.references[0] ?? '', b.references[0] ?? '');

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
