import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { ExportProblem } from './export-problem.ts';
import type { GunzipProgram } from './gunzip-program.ts';
import type { WriteWatch } from './write-watch.ts';
import { cutAtFrames } from './zstd-frames.ts';

/** Bytes that an export may still take on the disk; shared by all that is written of it. */
export class SpoolBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** @throws ExportProblem `over_budget` */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new ExportProblem('over_budget', 'the export takes more disk space than it may');
  }
}

/** Each piece is a way to zlib's thread and back. */
const INFLATE_CHUNK = 256 * 1024;
const WRITE_AHEAD = 1024 * 1024;
const NEW_FILE = { flags: 'wx', mode: 0o600 } as const;

/** In what way an entry is written. */
export interface SpoolManner {
  /** Of the entry as it comes. */
  readonly bytes: number;
  readonly watch: WriteWatch;
  /** Inflates what is large; zlib does where there is none. */
  readonly gunzip: GunzipProgram | null;
}

/** What is inflated sooner than a process has started. */
const SMALL_BYTES = 4 * 1024 ** 2;

/**
 * Writes one file of an archive, inflated where it is compressed, and returns its bytes on the disk.
 * What it is shows in its first bytes, whatever the archive calls it. A piece is done with when the next is asked for.
 */
export const spoolEntry = async (
  entry: AsyncIterable<Buffer>,
  file: string,
  { bytes, watch, gunzip }: SpoolManner,
): Promise<number> => {
  const pieces = entry[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  const whole = { head, rest: { [Symbol.asyncIterator]: () => pieces } };
  const coding = codingOf(head);
  if (coding === null) return write(whole, file, watch);
  if (coding === 'gzip' && bytes > SMALL_BYTES && gunzip !== null && (await gunzip.works()))
    return inflateByProgram(whole, gunzip, file, watch);
  return inflate(coding === 'zstd' ? cutAtFrames(allOf(whole)) : allOf(whole), inflaterFor(coding), file, watch);
};

interface Pieces {
  readonly head: Buffer;
  readonly rest: AsyncIterable<Buffer>;
}

const allOf = async function* ({ head, rest }: Pieces): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
};

const write = async (pieces: Pieces, path: string, watch: WriteWatch): Promise<number> => {
  await using file = await open(path, NEW_FILE.flags, NEW_FILE.mode);
  let size = 0;
  for await (const piece of allOf(pieces)) {
    watch.spend(piece.length);
    size += piece.length;
    const written = file.writeFile(piece);
    // While it is being written, by another thread.
    try {
      watch.read?.(piece);
    } finally {
      await written;
    }
  }
  return size;
};

const inflateByProgram = async (
  pieces: Pieces,
  gunzip: GunzipProgram,
  path: string,
  watch: WriteWatch,
): Promise<number> => {
  await using file = await open(path, 'wx+', NEW_FILE.mode);
  return await gunzip.inflate(allOf(pieces), file, watch);
};

const inflate = async (
  pieces: AsyncIterable<Buffer>,
  inflater: Duplex,
  path: string,
  watch: WriteWatch,
): Promise<number> => {
  const target = createWriteStream(path, { ...NEW_FILE, highWaterMark: WRITE_AHEAD });
  const written = pipeline(watched(inflater, watch), target);
  // Whoever feeds it hears of its failure when it waits for it.
  written.catch(() => {});
  try {
    for await (const piece of pieces) await Promise.race([consumed(inflater, piece), written]);
    inflater.end();
    await written;
    return target.bytesWritten;
  } finally {
    inflater.destroy();
    target.destroy();
  }
};

export type Coding = 'gzip' | 'zstd';

/** How something is compressed, by its first bytes. */
export const codingOf = (head: Buffer): Coding | null => {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : null;
};

const inflaterFor = (coding: Coding): Duplex =>
  coding === 'gzip' ? createGunzip({ chunkSize: INFLATE_CHUNK }) : createZstdDecompress({ chunkSize: INFLATE_CHUNK });

const consumed = (inflater: Duplex, piece: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    inflater.write(piece, (error) => (error ? reject(error) : resolve()));
  });

/** Watches beside the pipe: a stage of its own between the two makes inflating a tenth slower. */
const watched = (inflater: Duplex, { spend, read }: WriteWatch): Duplex => {
  const orEnd = (note: () => void): void => {
    try {
      note();
    } catch (error) {
      inflater.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return inflater.on('data', (piece: Buffer) => {
    orEnd(() => spend(piece.length));
    // By then the next piece is being inflated.
    if (read !== undefined) queueMicrotask(() => orEnd(() => read(piece)));
  });
};
