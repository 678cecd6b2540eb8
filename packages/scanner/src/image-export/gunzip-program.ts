import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { WriteWatch } from './write-watch.ts';

/** It ended as it does for damaged input, or for want of memory. */
class GunzipFailed extends Error {
  readonly code = 'GUNZIP_FAILED';
}

/** Two members in a row are one text, as layers are that are compressed in parts. */
const SAMPLE = Buffer.concat([gzipSync('one and '), gzipSync('another')]);
const SAMPLE_TEXT = 'one and another';
const SAMPLE_DEADLINE_MS = 3000;
const LOOK_EVERY_MS = 50;
const READ_BYTES = 1024 ** 2;
const PAGE = 4096;

/**
 * A program that inflates gzip faster than zlib does: igzip of Intel's ISA-L takes half the time. Called as gzip is,
 * `-d -c`; it writes into the file by itself.
 */
export class GunzipProgram {
  readonly #path: string;
  readonly #directory: string;
  #works: Promise<boolean> | undefined;

  /** @param directory where it may be tried */
  constructor(path: string, directory: string) {
    this.#path = path;
    this.#directory = directory;
  }

  /** Whether it inflates as it should. Tried once, on a few bytes. */
  works(): Promise<boolean> {
    return (this.#works ??= this.#tryOut().catch(() => false));
  }

  /**
   * Inflates into an empty file and returns its bytes. A piece is done with when the next is asked for. What lies in its
   * pipe is still inflated when the watch throws: it is looked at twenty times a second.
   *
   * @throws GunzipFailed; what the watch and the pieces throw; the system's error where the disk is full
   */
  async inflate(pieces: AsyncIterable<Buffer>, file: FileHandle, watch: WriteWatch): Promise<number> {
    await using run = new GunzipRun(this.#path, file, watch);
    for await (const piece of pieces) await run.feed(piece);
    return await run.finish();
  }

  async #tryOut(): Promise<boolean> {
    const path = join(this.#directory, 'gunzip-sample');
    try {
      await using file = await open(path, 'wx+', 0o600);
      const deadline = AbortSignal.timeout(SAMPLE_DEADLINE_MS);
      let text = '';
      const watch: WriteWatch = { spend: () => deadline.throwIfAborted(), read: (piece) => (text += piece.toString()) };
      await this.inflate(sample(), file, watch);
      return text === SAMPLE_TEXT;
    } finally {
      await rm(path, { force: true });
    }
  }
}

const sample = async function* (): AsyncGenerator<Buffer> {
  yield SAMPLE;
};

/** One process, and what it has written. Disposing ends it. */
class GunzipRun implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #watch: WriteWatch;
  readonly #child: ChildProcess;
  /** Rejects where it did not end well. */
  readonly #ended: Promise<void>;
  readonly #looking: NodeJS.Timeout;
  #failure: unknown;
  #written = 0;
  #read = 0;
  #reading: Promise<void> | null = null;
  #buffer: Buffer | null = null;

  constructor(path: string, file: FileHandle, watch: WriteWatch) {
    this.#file = file;
    this.#watch = watch;
    this.#child = spawn(path, ['-d', '-c'], { env: {}, stdio: ['pipe', file.fd, 'ignore'] });
    this.#child.stdin?.on('error', () => {});
    this.#ended = this.#waitForEnd();
    this.#ended.catch(() => {});
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  async feed(piece: Buffer): Promise<void> {
    const taken = new Promise<void>((resolve) => this.#child.stdin?.write(piece, () => resolve()));
    await Promise.race([taken, this.#ended]);
    this.#look();
  }

  async finish(): Promise<number> {
    this.#child.stdin?.end();
    await this.#ended;
    await this.#reading;
    this.#look();
    await this.#reading;
    if (this.#failure !== undefined) throw this.#failure;
    return this.#written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looking);
    this.#child.kill('SIGKILL');
    await this.#ended.catch(() => {});
    await this.#reading;
  }

  async #waitForEnd(): Promise<void> {
    const [exitCode]: unknown[] = await once(this.#child, 'exit');
    if (exitCode === 0) return;
    if (this.#failure !== undefined) throw this.#failure;
    await this.#meetFullDisk();
    throw new GunzipFailed(`a layer could not be inflated (exit code ${String(exitCode)})`);
  }

  /** It has said so, but not in a way that all its releases share. */
  async #meetFullDisk(): Promise<void> {
    await this.#file.write(Buffer.alloc(PAGE), 0, PAGE, fstatSync(this.#file.fd).size);
  }

  #look(): void {
    try {
      const { size } = fstatSync(this.#file.fd);
      this.#watch.spend(size - this.#written);
      this.#written = size;
      const { read } = this.#watch;
      if (read !== undefined && this.#read < size) this.#reading ??= this.#readOn(read);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readOn(read: (piece: Buffer) => void): Promise<void> {
    try {
      const buffer = (this.#buffer ??= Buffer.allocUnsafeSlow(READ_BYTES));
      while (this.#read < this.#written && this.#failure === undefined) {
        const { bytesRead } = await this.#file.read(buffer, 0, READ_BYTES, this.#read);
        this.#read += bytesRead;
        read(buffer.subarray(0, bytesRead));
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#reading = null;
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#child.kill('SIGKILL');
  }
}
