import { statfs } from 'node:fs/promises';

import { ExportProblem } from './export-problem.ts';

/** A part of the share, given back when disposed: by then what it was spent on is gone from the disk. */
export interface DiskPart extends Disposable {
  /** @throws ExportProblem `over_budget` */
  spend(bytes: number): void;
}

/** Of what is free; the engine may need as much again for itself. */
export const SHARE_OF_DISK = 0.4;

/** That share of what is free on the disk of a directory, in bytes. */
export const shareOfFree = async (directory: string, share: number): Promise<number> => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize * share;
};

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
    return { bytes: await shareOfFree(this.#directory, this.#share) };
  }
}
