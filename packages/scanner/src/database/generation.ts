import { createHash } from 'node:crypto';
import { open, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import type { DatabaseKind } from './database-kind.ts';
import { isMissing, unusableDirectory } from './file-error.ts';
import { type DatabaseMetadata, parseMetadata, readSmallFile } from './metadata.ts';

/** One state of a database, on disk and never changed once it is there. */
export interface DatabaseGeneration {
  readonly kind: DatabaseKind;
  /** Names the content: the same ID means the same findings. */
  readonly id: string;
  /** Where its file and `metadata.json` lie, every link followed. */
  readonly directory: string;
  /** Of the database file, in bytes. */
  readonly size: number;
  /** Of the schema. */
  readonly version: number;
  readonly updatedAt: Date;
  readonly nextUpdate: Date;
  /** Null where only the database's maker knows. */
  readonly downloadedAt: Date | null;
  readonly origin: 'downloaded' | 'by_hand';
}

export type Inspection =
  | { readonly state: 'absent' }
  | { readonly state: 'good'; readonly generation: DatabaseGeneration }
  | { readonly state: 'damaged'; readonly why: string };

const METADATA_FILE = 'metadata.json';
const SEAL_FILE = 'generation.json';
const HASHED_AT_ONCE = 1024 * 1024;

/** What we leave beside a database that we downloaded; it holds while the file is the one that was hashed. */
const Seal = z.looseObject({ id: z.string(), size: z.string(), modifiedNs: z.string() });
type Seal = z.infer<typeof Seal>;

interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly damage: string | null;
}

/**
 * Looks at a directory that may hold a database in Trivy's layout, without reading more of it than its headers.
 *
 * @throws ScannerError `directory_unusable` when it may not be read
 */
export const inspectGeneration = async (kind: DatabaseKind, directory: string): Promise<Inspection> => {
  const database = await ifThere(() => readFileState(kind, join(directory, kind.file)), directory);
  const text = await ifThere(() => readSmallFile(join(directory, METADATA_FILE)), directory);
  if (database === undefined && text === undefined) return { state: 'absent' };
  if (database === undefined) return { state: 'damaged', why: `${kind.file} is missing` };
  if (text === undefined) return { state: 'damaged', why: `${METADATA_FILE} is missing` };
  if (database.damage !== null) return { state: 'damaged', why: `${kind.file}: ${database.damage}` };
  const metadata = parseMetadata(text);
  if (metadata === undefined) return { state: 'damaged', why: `${METADATA_FILE} cannot be understood` };
  if (metadata.Version !== kind.schemaVersion)
    return { state: 'damaged', why: `it has schema ${metadata.Version}, not ${kind.schemaVersion}` };
  const sealed = await readSeal(directory, database);
  return {
    state: 'good',
    generation: {
      kind,
      id: sealed ?? idByHand(database, text),
      directory: await realpath(directory),
      size: Number(database.size),
      ...timesOf(metadata),
      origin: sealed === undefined ? 'by_hand' : 'downloaded',
    },
  };
};

/** Hashes a database and leaves its ID beside it, so that nobody has to hash it again. */
export const sealGeneration = async (kind: DatabaseKind, directory: string, signal?: AbortSignal): Promise<void> => {
  await using file = await open(join(directory, kind.file), 'r');
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ autoClose: false, highWaterMark: HASHED_AT_ONCE }), hash, { signal });
  const { size, mtimeNs } = await file.stat({ bigint: true });
  const seal: Seal = { id: `sha256:${hash.digest('hex')}`, size: `${size}`, modifiedNs: `${mtimeNs}` };
  await writeFile(join(directory, SEAL_FILE), `${JSON.stringify(seal)}\n`);
};

/** The files of a generation that a scan needs. */
export const generationFiles = (kind: DatabaseKind): readonly string[] => [kind.file, METADATA_FILE];

const timesOf = (
  metadata: DatabaseMetadata,
): Pick<DatabaseGeneration, 'version' | 'updatedAt' | 'nextUpdate' | 'downloadedAt'> => {
  const downloadedAt = metadata.DownloadedAt ?? null;
  return {
    version: metadata.Version,
    updatedAt: metadata.UpdatedAt,
    nextUpdate: metadata.NextUpdate,
    downloadedAt: downloadedAt === null || downloadedAt.getTime() < 0 ? null : downloadedAt,
  };
};

const readFileState = async (kind: DatabaseKind, path: string): Promise<FileState> => {
  await using file = await open(path, 'r');
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { size, mtimeNs, damage: await kind.findDamage(file, Number(size)) };
};

const readSeal = async (directory: string, { size, mtimeNs }: FileState): Promise<string | undefined> => {
  const text = await readSmallFile(join(directory, SEAL_FILE)).catch(() => '');
  try {
    const seal = Seal.parse(JSON.parse(text));
    return seal.size === `${size}` && seal.modifiedNs === `${mtimeNs}` ? seal.id : undefined;
  } catch {
    return undefined;
  }
};

/** Hashing 800 MB at every start would be felt; what changes a file also changes one of these. */
const idByHand = ({ size, mtimeNs }: FileState, metadata: string): string =>
  `by-hand:${createHash('sha256').update(`${size} ${mtimeNs} `).update(metadata).digest('hex')}`;

const ifThere = async <T>(read: () => Promise<T>, directory: string): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusableDirectory(directory, error);
  }
};
