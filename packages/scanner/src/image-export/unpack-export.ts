import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { z } from 'zod';

import { ExportProblem } from './export-problem.ts';
import type { GunzipProgram } from './gunzip-program.ts';
import { ImageConfig, statedLayers } from './image-config.ts';
import type { StatedLayer } from './image-config.ts';
import { LayerReading } from './layer-reading.ts';
import { readArchive } from './read-archive.ts';
import type { ArchiveMember } from './read-archive.ts';
import { SpoolBudget, spoolEntry } from './spool-entry.ts';

/** A layer of an exported image. */
export interface ExportedLayer extends StatedLayer {
  /** What the archive calls it: its digest as the engine keeps it, or an ID of a classic engine. */
  readonly name: string;
  /** The diff ID of what the archive holds there, by its bytes; null where that is not what goes by that name. */
  readonly contentId: string | null;
  /** Whether there are Java archives in it; false for a layer that was passed over. */
  readonly holdsJava: boolean;
  /** Its inflated tar; null for a layer that was passed over. */
  readonly file: SpooledFile | null;
}

interface SpooledFile {
  readonly path: string;
  readonly bytes: number;
}

/** An image's layers, base first. */
export type ExportedImage = readonly ExportedLayer[];

export interface UnpackOptions {
  /** Empty, and the caller's to remove. */
  readonly directory: string;
  readonly maxBytes: number;
  /** The diff ID of what goes by that name in archives, for layers that need not be unpacked. What comes is hashed all the same. */
  readonly passOver: (name: string) => string | undefined;
  /** Inflates large layers; null where there is none. */
  readonly gunzip: GunzipProgram | null;
  readonly signal: AbortSignal;
}

const MAX_ENTRIES = 100_000;
const MAX_NAME = 1024;
const MAX_JSON_BYTES = 16 * 1024 ** 2;
const MAX_LINKS = 8;

/** What became of an entry: a file of ours, a name for another entry, or nothing as it is known. */
type Entry = Pick<ExportedLayer, 'file' | 'contentId' | 'holdsJava'> | { readonly target: string };

/**
 * Takes the layers out of an archive of images as `docker save` writes it, in either form: a classic engine's, with a
 * directory a layer and links between them, or an OCI layout; both hold a `manifest.json`. Every layer is hashed while it
 * streams by: not every engine checks that an image has the layers that it states, so that is for the caller to compare.
 * No name of the archive ever becomes a path. An image that cannot be put together, since an engine may not have all of
 * it, is left out of what is returned.
 *
 * @throws ExportProblem, also where that is so of every image; and the system's errors where the disk is full
 */
export const unpackExport = async (
  archive: AsyncIterable<Uint8Array>,
  options: UnpackOptions,
): Promise<ExportedImage[]> => {
  try {
    return await readImages(await spoolAll(archive, options));
  } catch (error) {
    options.signal.throwIfAborted();
    throw tellCause(error);
  }
};

const tellCause = (cause: unknown): unknown => {
  if (cause instanceof ExportProblem || (cause instanceof Error && 'syscall' in cause)) return cause;
  return new ExportProblem('malformed', `the export broke off or is damaged: ${messageOf(cause)}`, { cause });
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const spoolAll = async (
  archive: AsyncIterable<Uint8Array>,
  { directory, maxBytes, passOver, gunzip, signal }: UnpackOptions,
): Promise<Map<string, Entry>> => {
  const entries = new Map<string, Entry>();
  const budget = new SpoolBudget(maxBytes);
  for await (const member of readArchive(archive)) {
    signal.throwIfAborted();
    const { type, linkname } = member;
    const name = posix.normalize(member.name);
    if (entries.size >= MAX_ENTRIES) throw malformed('too many entries');
    if (name.length > MAX_NAME || linkname.length > MAX_NAME) throw malformed('a name that is too long');
    if (type === 'directory') continue;
    if (entries.has(name)) throw malformed('two entries of one name');
    const diffId = passOver(name);
    if (type === 'symlink') entries.set(name, { target: posix.join(posix.dirname(name), linkname) });
    else if (type !== 'file') throw malformed(`an entry of type ${type}`);
    else if (diffId !== undefined) entries.set(name, await hashKnown(member, name, diffId));
    else {
      const path = join(directory, String(entries.size));
      const reading = new LayerReading();
      const watch = { spend: (bytes: number) => budget.spend(bytes), read: (piece: Buffer) => reading.read(piece) };
      const stored = isDigest(name) ? new StoredBytes(member) : member;
      const bytes = await spoolEntry(stored.pieces(), path, { bytes: member.size, watch, gunzip });
      const { contentId, holdsJava } = reading.finish();
      const isNamed = !(stored instanceof StoredBytes) || stored.isNamed(name);
      entries.set(name, { file: { path, bytes }, contentId: isNamed ? contentId : null, holdsJava });
    }
  }
  return entries;
};

/** A name of an engine is the digest of what it names, or it names a layer as it is when inflated. */
const hashKnown = async (member: ArchiveMember, name: string, diffId: string): Promise<Entry> => {
  const stored = new StoredBytes(member);
  for await (const _ of stored.pieces());
  const isWhatItWas = isDigest(name) ? stored.isNamed(name) : stored.digest === diffId;
  return { file: null, contentId: isWhatItWas ? diffId : null, holdsJava: false };
};

const DIGEST_NAME = /^blobs\/sha256\/[0-9a-f]{64}$/;

const isDigest = (name: string): boolean => DIGEST_NAME.test(name);

/** Hashes an entry as it lies in the archive. */
class StoredBytes {
  readonly #member: ArchiveMember;
  readonly #hash = createHash('sha256');
  #digest: string | undefined;

  constructor(member: ArchiveMember) {
    this.#member = member;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    for await (const piece of this.#member.pieces()) {
      this.#hash.update(piece);
      yield piece;
    }
  }

  /** Once all pieces were read. */
  get digest(): string {
    this.#digest ??= `sha256:${this.#hash.digest('hex')}`;
    return this.#digest;
  }

  /** Whether a name that is a digest is the one of these bytes. */
  isNamed(name: string): boolean {
    return name === `blobs/${this.digest.replace(':', '/')}`;
  }
}

const Name = z.string().max(MAX_NAME);

const Manifest = z.array(z.object({ Config: Name, Layers: z.array(Name).max(1000).nullish() })).max(MAX_ENTRIES);

const readImages = async (entries: ReadonlyMap<string, Entry>): Promise<ExportedImage[]> => {
  const images: ExportedImage[] = [];
  const problems: ExportProblem[] = [];
  for (const { Config: config, Layers } of await readJson(entries, 'manifest.json', Manifest)) {
    try {
      images.push(layersOf(entries, Layers ?? [], await readJson(entries, config, ImageConfig)));
    } catch (error) {
      if (!(error instanceof ExportProblem)) throw error;
      problems.push(error);
    }
  }
  if (images.length === 0 && problems[0] !== undefined) throw problems[0];
  return images;
};

const layersOf = (
  entries: ReadonlyMap<string, Entry>,
  names: readonly string[],
  config: ImageConfig,
): ExportedImage => {
  const layers = statedLayers(config);
  if (layers.length !== names.length) throw malformed('an image with other layers than it states');
  return layers.map((layer, index) => {
    const name = posix.normalize(names[index] ?? '');
    const entry = follow(entries, name);
    if (entry === undefined)
      throw new ExportProblem('incomplete', 'the export holds an image without one of its layers');
    return { ...layer, name, ...entry };
  });
};

const readJson = async <Schema extends z.ZodType>(
  entries: ReadonlyMap<string, Entry>,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema>> => {
  const entry = follow(entries, posix.normalize(name));
  if (entry === undefined) throw new ExportProblem('incomplete', 'the export holds no description of its images');
  if (entry.file === null) throw malformed('a description under the name of a layer');
  if (entry.file.bytes > MAX_JSON_BYTES) throw malformed('a description that is too long');
  try {
    return schema.parse(JSON.parse(await readFile(entry.file.path, 'utf8')));
  } catch (cause) {
    throw new ExportProblem('malformed', 'the export describes its images in no way that is known', { cause });
  }
};

/** Through links, as a classic engine writes them for a layer that has two names. */
const follow = (entries: ReadonlyMap<string, Entry>, name: string): Exclude<Entry, { target: string }> | undefined => {
  let entry = entries.get(name);
  for (let links = 0; entry !== undefined && 'target' in entry; links += 1) {
    if (links === MAX_LINKS) throw malformed('links that lead nowhere');
    entry = entries.get(entry.target);
  }
  return entry;
};

const malformed = (what: string): ExportProblem => new ExportProblem('malformed', `the export holds ${what}`);
