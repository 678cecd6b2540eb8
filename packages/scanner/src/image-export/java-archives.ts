const BLOCK = 512;
/** POSIX ustar and GNU's. */
const SIZE_AT = 124;
const SIZE_END = 136;
const TYPE_AT = 156;
const NAME_END = 100;
const MAX_EXTENSION_BYTES = 1024 ** 2;

/** As Trivy tells them. */
const ENDS_AS_ARCHIVE = /\.[jwep]ar$/i;
/** Where a long name stands as text, with other records about it. */
const TELLS_OF_ARCHIVE = /\.[jwep]ar(?:\0|\n|$)/i;

const NUL = 0;
const GNU_LONG_NAME = 'L'.charCodeAt(0);
const PAX = 'x'.charCodeAt(0);

/**
 * Sees by the names in a layer, while it streams by, whether there are Java archives in it: they need a database that most
 * images do without. A layer that makes no sense is not looked at further.
 */
export class JavaArchives {
  readonly #header = Buffer.alloc(BLOCK);
  #filled = 0;
  #passOver = 0;
  #extension: { readonly content: Buffer; filled: number } | null = null;
  #isOver = false;
  #found = false;

  get found(): boolean {
    return this.#found;
  }

  /** @param piece of the layer's tar, in order */
  read(piece: Buffer): void {
    for (let at = 0; at < piece.length && !this.#isOver;) at += this.#take(piece, at);
  }

  #take(piece: Buffer, at: number): number {
    const left = piece.length - at;
    if (this.#extension !== null) return this.#takeExtension(this.#extension, piece, at);
    if (this.#passOver > 0) {
      const passed = Math.min(this.#passOver, left);
      this.#passOver -= passed;
      return passed;
    }
    if (this.#filled === 0 && left >= BLOCK) {
      this.#look(piece.subarray(at, at + BLOCK));
      return BLOCK;
    }
    const taken = piece.copy(this.#header, this.#filled, at);
    this.#filled += taken;
    if (this.#filled === BLOCK) {
      this.#filled = 0;
      this.#look(this.#header);
    }
    return taken;
  }

  #takeExtension(extension: { readonly content: Buffer; filled: number }, piece: Buffer, at: number): number {
    const taken = piece.copy(extension.content, extension.filled, at);
    extension.filled += taken;
    if (extension.filled === extension.content.length) {
      this.#extension = null;
      this.#note(TELLS_OF_ARCHIVE.test(extension.content.toString('latin1')));
    }
    return taken;
  }

  #look(block: Buffer): void {
    const size = sizeIn(block);
    const type = block[TYPE_AT];
    if (size === null || (block[0] === NUL && type === NUL)) {
      this.#isOver = true;
      return;
    }
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ((type === PAX || type === GNU_LONG_NAME) && size > 0 && size <= MAX_EXTENSION_BYTES) {
      this.#extension = { content: Buffer.alloc(size), filled: 0 };
      this.#passOver = padding;
      return;
    }
    this.#passOver = size + padding;
    if (size > 0) this.#note(ENDS_AS_ARCHIVE.test(nameIn(block)));
  }

  #note(isArchive: boolean): void {
    if (isArchive) this.#found = this.#isOver = true;
  }
}

const nameIn = (block: Buffer): string => {
  const end = block.indexOf(NUL);
  return block.toString('latin1', 0, end === -1 || end > NAME_END ? NAME_END : end);
};

/** Null for what is none. */
const sizeIn = (block: Buffer): number | null => {
  let size = 0;
  if (block[SIZE_AT] === 0x80) {
    for (let at = SIZE_AT + 1; at < SIZE_END; at += 1) size = size * 256 + (block[at] ?? 0);
  } else {
    const digits = block.toString('latin1', SIZE_AT, SIZE_END).replaceAll(/[\0 ]/g, '');
    if (!/^[0-7]*$/.test(digits)) return null;
    size = digits === '' ? 0 : Number.parseInt(digits, 8);
  }
  return Number.isSafeInteger(size) ? size : null;
};
