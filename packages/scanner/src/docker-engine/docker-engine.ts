import type { BlobCache, ContainerUse, HostImage, ImageListing, ImageSource, Log, PlannedImage } from '@scanner/core';
import { mapBounded, silentLog } from '@scanner/core';

import { containerUses } from './container-uses.ts';
import type { DockerEndpoint } from './docker-endpoint.ts';
import { ImageDetails, ImageRow, InfoAnswer, NamedImageDetails, Rows } from './engine-answers.ts';
import type { VersionAnswer } from './engine-answers.ts';
import { EngineConnection } from './engine-connection.ts';
import type { EngineRequest } from './engine-connection.ts';
import { oneLine, wordsOf } from './engine-failure.ts';
import { greetEngine } from './engine-greeting.ts';
import { imageReferences } from './image-references.ts';
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
/** It counts what it holds for this, and only a name is wanted of it. */
const INFO_SECONDS = 20;
/** A classic engine puts all layers together before the first byte. */
const EXPORT_SILENCE_SECONDS = 900;
const INSPECTS_AT_ONCE = 8;
const MOST_IMAGES = 50_000;
const NAMED_IN_WARNING = 3;

interface Session extends EngineRequest {
  readonly connection: EngineConnection;
  readonly apiVersion: string;
}

/** Why an image of the engine's list is not in ours. */
interface LeftOut {
  readonly id: string;
  readonly problem: string;
}

class ApiEngine implements DockerEngine {
  readonly #endpoint: DockerEndpoint;
  readonly #log: Log;
  readonly #patienceSeconds: number | undefined;
  readonly #memory: InspectedImages | null;
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

    const [{ rows, leftOut }, { uses, warning }] = await Promise.all([
      listRows(session),
      containerUses(connection, `/v${apiVersion}`, session),
    ]);
    const images = await this.#inspectAll(session, rows, uses, leftOut);
    return {
      images: images.toSorted((a, b) => byCodeUnit(a.references[0] ?? '', b.references[0] ?? '')),
      warnings: [...leftOutWarning(leftOut), ...(warning === null ? [] : [warning])],
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
    const { rows } = await listRows({ connection, apiVersion, signal, withinSeconds: ANSWER_SECONDS });
    return new Set(ids.filter((id) => rows.has(id)));
  }

  /** A classic store computes diff IDs itself; a containerd store takes those that an image states. */
  async checksLayers(signal: AbortSignal): Promise<boolean> {
    const { store, name } = await this.describe(signal);
    return store === 'classic' && name === 'Docker';
  }

  async describeImage(name: string, signal: AbortSignal): Promise<PlannedImage | null> {
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const answer = await connection.get(`/v${apiVersion}/images/${name}/json`, {
      signal,
      withinSeconds: ANSWER_SECONDS,
    });
    const details = answer.status === 200 ? NamedImageDetails.safeParse(parseOrNull(answer.body)).data : undefined;
    const platform = details === undefined ? null : platformOf(details);
    if (details === undefined || platform === null) return null;
    return { id: details.Id, platform, layers: layersOf(details), sizeBytes: details.Size };
  }

  async describe(signal?: AbortSignal): Promise<EngineDescription> {
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion, version } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const info = await connection.get(`/v${apiVersion}/info`, { signal, withinSeconds: ANSWER_SECONDS });
    return {
      apiVersion,
      engineVersion: version === null || version.Version === '' ? null : oneLine(version.Version),
      store: info.status === 200 ? storeOf(connection.parse('/info', InfoAnswer, info)) : 'unknown',
      name: nameOf(version),
    };
  }

  async hostName(signal?: AbortSignal): Promise<string | null> {
    using connection = await EngineConnection.open(this.#endpoint);
    const { apiVersion } = await greetEngine(connection, { signal, patienceSeconds: this.#patienceSeconds });
    const info = await connection.get(`/v${apiVersion}/info`, { signal, withinSeconds: INFO_SECONDS });
    return info.status === 200 ? oneLine(connection.parse('/info', InfoAnswer, info).Name) || null : null;
  }

  async #inspectAll(
    session: Session,
    rows: ReadonlyMap<string, readonly ImageRow[]>,
    uses: ReadonlyMap<string, readonly ContainerUse[]> | null,
    leftOut: LeftOut[],
  ): Promise<HostImage[]> {
    const details = new Map<string, ImageDetails>();
    const images = await mapBounded([...rows], INSPECTS_AT_ONCE, async ([id, listed]) => {
      const sizeBytes = listed[0]?.Size ?? 0;
      const key = `${id} ${sizeBytes}`;
      const known = this.#details.get(key) ?? this.#memory?.find(id, sizeBytes);
      const found = known ?? (await this.#inspect(session, id, leftOut));
      if (found === null) return null;
      details.set(key, found);
      if (!known) this.#memory?.remember(id, sizeBytes, found);
      const platform = platformOf(found);
      if (platform === null) return this.#skip(id, 'is no image that could run, such as an attestation');
      const containers = uses === null ? null : (uses.get(id) ?? []);
      return { id, ...imageReferences(listed, id), containers, platform, layers: layersOf(found), sizeBytes };
    });
    this.#details = details;
    return images.filter((image) => image !== null);
  }

  async #inspect(session: Session, id: string, leftOut: LeftOut[]): Promise<ImageDetails | null> {
    const { connection } = session;
    const answer = await connection.get(`/v${session.apiVersion}/images/${id}/json`, session);
    if (answer.status === 404) return this.#skip(id, 'was removed while it was looked at');
    const details = answer.status === 200 ? ImageDetails.safeParse(parseOrNull(answer.body)) : null;
    if (details?.success === true) return details.data;
    leftOut.push({ id, problem: answer.status === 200 ? 'its description makes no sense' : wordsOf(answer.body) });
    return null;
  }

  #skip(id: string, why: string): null {
    this.#log.debug('An entry of the engine is left out', { id, why });
    return null;
  }
}

/** The engine's rows by image, since an engine may list one image several times. */
const listRows = async (
  session: Session,
): Promise<{ rows: ReadonlyMap<string, readonly ImageRow[]>; leftOut: LeftOut[] }> => {
  const listed = await session.connection.getJson(`/v${session.apiVersion}/images/json`, Rows, session);
  const leftOut: LeftOut[] = listed.slice(MOST_IMAGES).map(() => ({ id: '', problem: 'there are too many' }));
  const rows: ImageRow[] = [];
  for (const listedRow of listed.slice(0, MOST_IMAGES)) {
    const row = ImageRow.safeParse(listedRow);
    if (row.success) rows.push(row.data);
    else leftOut.push({ id: '', problem: 'its entry in the list makes no sense' });
  }
  return { rows: Map.groupBy(rows, ({ Id }) => Id), leftOut };
};

const leftOutWarning = (leftOut: readonly LeftOut[]): string[] => {
  if (leftOut.length === 0) return [];
  const named = leftOut
    .slice(0, NAMED_IN_WARNING)
    .map(({ id, problem }) => (id === '' ? problem : `${id}: ${problem}`));
  const more = leftOut.length > named.length ? '; …' : '';
  const subject = leftOut.length === 1 ? '1 image of the engine is' : `${leftOut.length} images of the engine are`;
  return [`${subject} left out, as they could not be read (${named.join('; ')}${more})`];
};

/**
 * `null` for what states no platform and has no layers, or states an unknown one: attestations and their like.
 * An image made by hand without these facts still runs, so it is no reason to leave one out.
 */
const platformOf = (details: ImageDetails): string | null => {
  const { Os, Architecture, Variant } = details;
  if (Os === 'unknown' || Architecture === 'unknown') return null;
  if (Os === '' && layersOf(details).length === 0) return null;
  return [Os || 'unknown', Architecture || 'unknown', ...(Variant === '' ? [] : [Variant])].join('/');
};

const layersOf = ({ RootFS }: ImageDetails): readonly string[] => RootFS?.Layers ?? [];

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

const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
