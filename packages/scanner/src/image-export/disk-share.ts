import { statfs } from 'node:fs/promises';

import { ExportProblem } from './export-problem.ts';

/** A part of the share, given back when disposed: by then what it was spent on is gone from the disk. */
export interface DiskPart extends Disposable {
  /** @throws ExportProblem `over_budget` */
  spend(bytes: number): void;
}

/** What may be taken of a disk by all that goes on at once; measured when the first wants a part. */
export class DiskShare {
  readonly #directory: string;
  readonly #share: number;
  #leftBytes: Promise<{ bytes: number }> | undefined;

  /** @param share of what is free, 0 to 1 */
  constructor(directory: string, share: number) {
    this.#directory = directory;
    this.#share = share;
  }

  async open(): Promise<DiskPart> {
    this.#leftBytes ??= this.#measure();
    const left = await this.#leftBytes;
    let spent = 0;
    return {
      spend: (bytes) => {
        spent += bytes;
        left.bytes -= bytes;
        if (left.bytes < 0) throw new ExportProblem('over_budget', 'layers take more disk space than they may');
      },
      [Symbol.dispose]: () => {
        left.bytes += spent;
        spent = 0;
      },
    };
  }

  async #measure(): Promise<{ bytes: number }> {
    const { bavail, bsize } = await statfs(this.#directory);
    return { bytes: bavail * bsize * this.#share };
  }
}
