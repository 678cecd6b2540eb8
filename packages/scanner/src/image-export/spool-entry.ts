import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { ExportProblem } from './export-problem.ts';

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

/**
 * Writes one file of an archive, inflated where it is compressed, and returns its bytes on the disk.
 * What it is shows in its first bytes, whatever the archive calls it. A piece is done with when the next is asked for.
 *
 * @param spending told of each piece before it is written; what it throws ends the writing
 */
export const spoolEntry = async (entry: AsyncIterable<Buffer>, file: string, spending: Spending): Promise<number> => {
  const pieces = entry[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  const whole = { head, rest: { [Symbol.asyncIterator]: () => pieces } };
  const inflater = inflaterFor(head);
  return inflater === null ? write(whole, file, spending) : inflate(whole, inflater, file, spending);
};

/** Keeps count of what is written. */
export type Spending = (piece: Buffer) => void;

interface Pieces {
  readonly head: Buffer;
  readonly rest: AsyncIterable<Buffer>;
}

const write = async ({ head, rest }: Pieces, path: string, spending: Spending): Promise<number> => {
  await using file = await open(path, NEW_FILE.flags, NEW_FILE.mode);
  let size = 0;
  const add = async (piece: Buffer): Promise<void> => {
    spending(piece);
    size += piece.length;
    await file.writeFile(piece);
  };
  await add(head);
  for await (const piece of rest) await add(piece);
  return size;
};

const inflate = async ({ head, rest }: Pieces, inflater: Duplex, path: string, spending: Spending): Promise<number> => {
  const target = createWriteStream(path, { ...NEW_FILE, highWaterMark: WRITE_AHEAD });
  const written = pipeline(counted(inflater, spending), target);
  // Whoever feeds it hears of its failure when it waits for it.
  written.catch(() => {});
  const add = (piece: Buffer): Promise<unknown> => Promise.race([consumed(inflater, piece), written]);
  try {
    await add(head);
    for await (const piece of rest) await add(piece);
    inflater.end();
    await written;
    return target.bytesWritten;
  } finally {
    inflater.destroy();
    target.destroy();
  }
};

const inflaterFor = (head: Buffer): Duplex | null => {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: INFLATE_CHUNK });
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528
    ? createZstdDecompress({ chunkSize: INFLATE_CHUNK })
    : null;
};

const consumed = (inflater: Duplex, piece: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    inflater.write(piece, (error) => (error ? reject(error) : resolve()));
  });

/** Counts beside the pipe: a stage of its own between the two makes inflating a tenth slower. */
const counted = (inflater: Duplex, spending: Spending): Duplex =>
  inflater.on('data', (chunk: Buffer) => {
    try {
      spending(chunk);
    } catch (error) {
      inflater.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
