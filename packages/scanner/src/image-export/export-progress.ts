import { ExportProblem } from './export-problem.ts';
import type { ImageArchive } from './image-export.ts';

const LEAST_BYTES = 1024 ** 2;
const LONGEST_WAIT_MS = 120_000;

/**
 * Watches that an export moves on: an engine that sends nothing, or a byte now and then, would hold all images of an
 * archive for as long as all of them may take. Dispose of it when the archive has been read.
 */
export class ExportProgress implements Disposable {
  readonly #stalled = new AbortController();
  readonly #laterWaitMs: number;
  #timer: NodeJS.Timeout;
  #bytes = 0;

  /** @param patienceMs for the first byte, which comes when the engine has put everything together */
  constructor(patienceMs: number) {
    this.#laterWaitMs = Math.min(patienceMs, LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.#stall(), patienceMs);
  }

  /** Aborted, by an ExportProblem `stalled`, when too little came for too long. */
  get signal(): AbortSignal {
    return this.#stalled.signal;
  }

  /** What is done with the archive once it has been read takes no part of this. */
  async *watch(archive: ImageArchive): AsyncGenerator<Uint8Array> {
    for await (const piece of archive) {
      if (this.#bytes === 0) this.#lookLater();
      this.#bytes += piece.length;
      yield piece;
    }
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    let seen = this.#bytes;
    this.#timer = setInterval(() => {
      if (this.#bytes - seen < LEAST_BYTES) this.#stall();
      seen = this.#bytes;
    }, this.#laterWaitMs);
  }

  #stall(): void {
    clearTimeout(this.#timer);
    this.#stalled.abort(new ExportProblem('stalled', 'the engine stopped in the middle of an export'));
  }
}
