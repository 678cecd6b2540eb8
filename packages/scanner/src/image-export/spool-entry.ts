import { createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';
import { finished, pipeline } from 'node:stream/promises';
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

const INFLATE_CHUNK = 64 * 1024;
const WRITE_AHEAD = 1024 * 1024;

/**
 * Writes one file of an archive, inflated where it is compressed, and returns its bytes on the disk.
 * What it is shows in its first bytes, whatever the archive calls it.
 */
export const spoolEntry = async (entry: AsyncIterable<unknown>, file: string, budget: SpoolBudget): Promise<number> => {
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, highWaterMark: WRITE_AHEAD });
  // What goes wrong before anybody waits for it is met by who does.
  target.on('error', () => {});
  let sink: Sink | undefined;
  try {
    for await (const chunk of entry) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('an archive is read in bytes');
      sink ??= openSink(chunk, target, budget);
      await feed(sink, chunk);
    }
    sink ??= openSink(Buffer.alloc(0), target, budget);
    sink.input.end();
    await sink.done;
    return target.bytesWritten;
  } finally {
    sink?.input.destroy();
    target.destroy();
  }
};

interface Sink {
  readonly input: Writable;
  readonly done: Promise<void>;
  readonly spend: (bytes: number) => void;
}

const openSink = (head: Buffer, target: Writable, budget: SpoolBudget): Sink => {
  const inflater = inflaterFor(head);
  const sink =
    inflater === null
      ? { input: target, done: finished(target), spend: (bytes: number) => budget.spend(bytes) }
      : { input: inflater, done: pipeline(spending(inflater, budget), target), spend: () => {} };
  // Whoever feeds it hears of its failure when it waits for it.
  sink.done.catch(() => {});
  return sink;
};

const inflaterFor = (head: Buffer): (Writable & Readable) | null => {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: INFLATE_CHUNK });
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528
    ? createZstdDecompress({ chunkSize: INFLATE_CHUNK })
    : null;
};

/** Counts beside the pipe: a stage of its own between the two makes inflating a tenth slower. */
const spending = (inflater: Writable & Readable, budget: SpoolBudget): Writable & Readable =>
  inflater.on('data', (chunk: Buffer) => {
    try {
      budget.spend(chunk.length);
    } catch (error) {
      inflater.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });

const feed = async ({ input, done, spend }: Sink, chunk: Buffer): Promise<void> => {
  spend(chunk.length);
  if (input.write(chunk)) return;
  const left = new AbortController();
  try {
    await Promise.race([once(input, 'drain', { signal: left.signal }), done]);
  } finally {
    left.abort();
  }
};
