import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { decodeHeader } from './archive-header.ts';
import { ExportProblem } from './export-problem.ts';
import { readArchive } from './read-archive.ts';
import { codingOf, SpoolBudget } from './spool-entry.ts';
import type { Coding } from './spool-entry.ts';
import { cutAtFrames } from './zstd-frames.ts';

export interface OciArchiveOptions {
  /** Where the layout is to be; made when there is one. */
  readonly directory: string;
  /** What it may take on the disk. */
  readonly maxBytes: () => Promise<number>;
  readonly signal: AbortSignal;
}

const BLOCK = 512;
const MAX_ENTRIES = 100_000;
/** Only what a layout consists of is written, under just these names. */
const BLOB = /^blobs\/(sha256|sha384|sha512)\/([0-9a-f]{64,128})$/;
const DESCRIPTIONS: ReadonlySet<string> = new Set(['oci-layout', 'index.json']);

/**
 * Writes the OCI layout that a tar holds into a directory, as it is; the tar may be compressed. Blobs are not hashed.
 *
 * @returns false for anything else than an archive with just an OCI layout, such as what `docker save` writes
 * @throws ExportProblem, and the system's errors where the disk is full
 */
export const unpackOciArchive = async (path: string, options: OciArchiveOptions): Promise<boolean> => {
  const { signal } = options;
  try {
    if (!(await holdsOnlyLayout(path, signal))) return false;
    await unpack(path, options);
    return true;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof ExportProblem || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new ExportProblem('malformed', 'the archive broke off or is damaged', { cause });
  }
};

/** A Docker archive has a `manifest.json`, beside a layout too, and is read by Trivy itself. */
const holdsOnlyLayout = async (path: string, signal: AbortSignal): Promise<boolean> => {
  await using file = await open(path);
  const head = Buffer.alloc(BLOCK);
  await file.read(head, 0, BLOCK, 0);
  const coding = codingOf(head);
  if (coding === null && !isHeader(head)) return false;
  const found = new Set<string>();
  let entries = 0;
  for await (const name of coding === null ? namesByHeaders(file) : namesInside(path, coding, signal)) {
    signal.throwIfAborted();
    if (name === 'manifest.json' || (entries += 1) > MAX_ENTRIES) return false;
    if (DESCRIPTIONS.has(name)) found.add(name);
  }
  return found.has('index.json');
};

const isHeader = (block: Buffer): boolean => {
  try {
    return decodeHeader(block) !== null;
  } catch {
    return false;
  }
};

/** Without reading what lies between them. */
const namesByHeaders = async function* (file: FileHandle): AsyncGenerator<string> {
  const block = Buffer.alloc(BLOCK);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(block, 0, BLOCK, at);
    if (bytesRead < BLOCK) throw new ExportProblem('malformed', 'the archive broke off');
    const header = decodeHeader(block);
    if (header === null) return;
    if (header.type === 'file') yield posix.normalize(header.name);
    at += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
  }
};

/** Of what is inside of the compression; what is no tar has none. */
const namesInside = async function* (path: string, coding: Coding, signal: AbortSignal): AsyncGenerator<string> {
  let isTar = false;
  try {
    for await (const { name, type } of readArchive(contentOf(path, coding, signal))) {
      isTar = true;
      if (type === 'file') yield posix.normalize(name);
    }
  } catch (error) {
    if (isTar || !(error instanceof ExportProblem)) throw error;
  }
};

const unpack = async (path: string, { directory, maxBytes, signal }: OciArchiveOptions): Promise<void> => {
  const budget = new SpoolBudget(await maxBytes());
  const coding = await codingOfFile(path);
  const written = new Set<string>();
  for await (const { name, type, pieces } of readArchive(contentOf(path, coding, signal))) {
    const file = type === 'file' ? placeOf(posix.normalize(name)) : null;
    if (file === null) continue;
    const place = join(...file);
    if (written.has(place)) throw new ExportProblem('malformed', 'the archive holds two entries of one name');
    written.add(place);
    await mkdir(join(directory, ...file.slice(0, -1)), { recursive: true, mode: 0o700 });
    await using target = await open(join(directory, ...file), 'wx', 0o600);
    for await (const piece of pieces()) {
      budget.spend(piece.length);
      await target.writeFile(piece);
    }
  }
};

/** In parts that are ours, whatever the archive says. */
const placeOf = (name: string): readonly string[] | null => {
  if (DESCRIPTIONS.has(name)) return [name];
  const [, algorithm, hex] = BLOB.exec(name) ?? [];
  return algorithm === undefined || hex === undefined ? null : ['blobs', algorithm, hex];
};

const codingOfFile = async (path: string): Promise<Coding | null> => {
  await using file = await open(path);
  const head = Buffer.alloc(4);
  await file.read(head, 0, head.length, 0);
  return codingOf(head);
};

const contentOf = (path: string, coding: Coding | null, signal: AbortSignal): Readable => {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (coding === null) return addAbortSignal(signal, bytes);
  const inflated = coding === 'gzip' ? createGunzip() : createZstdDecompress();
  const pieces: Readable = coding === 'gzip' ? bytes : Readable.from(cutAtFrames(bytes));
  pieces.on('error', (error) => inflated.destroy(error));
  inflated.on('close', () => {
    pieces.destroy();
    bytes.destroy();
  });
  return addAbortSignal(signal, pieces.pipe(inflated));
};
