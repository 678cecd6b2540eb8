import { createHash } from 'node:crypto';

import { JavaArchives } from './java-archives.ts';

/** What a layer turned out to be. */
interface LayerContent {
  /** SHA-256 of its inflated tar: the diff ID that it may be known under. */
  readonly contentId: string;
  readonly holdsJava: boolean;
}

/** Reads along while a layer is written. */
export class LayerReading {
  readonly #hash = createHash('sha256');
  readonly #java = new JavaArchives();

  /** @param piece of the inflated layer, in order */
  read(piece: Buffer): void {
    this.#hash.update(piece);
    this.#java.read(piece);
  }

  /** Once, at its end. */
  finish(): LayerContent {
    return { contentId: `sha256:${this.#hash.digest('hex')}`, holdsJava: this.#java.found };
  }
}
