const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
const CHECKSUM_BYTES = 4;
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const RLE = 1;

/** What the next bytes are that say how long something is; `foreign`: of no frame. */
type Part = 'magic' | 'descriptor' | 'block' | 'skippable size' | 'foreign';

const PART_BYTES: Readonly<Record<Part, number>> = {
  magic: 4,
  descriptor: 1,
  block: 3,
  'skippable size': 4,
  foreign: Number.POSITIVE_INFINITY,
};

/**
 * Cuts what is compressed by Zstandard where a frame ends (RFC 8878, 3.1). Node's own decompressor takes of a piece its first
 * frame only, and layers that are compressed in parts, such as zstd:chunked, have many.
 */
export const cutAtFrames = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  for await (const piece of pieces) yield* frames.cut(piece);
};

class ZstdFrames {
  readonly #header = Buffer.alloc(4);
  #filled = 0;
  #part: Part = 'magic';
  /** Bytes to pass over before the next part. */
  #passOver = 0;
  #hasChecksum = false;

  *cut(piece: Buffer): Generator<Buffer> {
    let begun = 0;
    for (let at = 0; at < piece.length;) {
      at += this.#take(piece, at);
      if (!this.#isBetweenFrames()) continue;
      yield piece.subarray(begun, at);
      begun = at;
    }
    if (begun < piece.length) yield piece.subarray(begun);
  }

  #isBetweenFrames(): boolean {
    return this.#part === 'magic' && this.#filled === 0 && this.#passOver === 0;
  }

  /** @returns how many bytes, at least one */
  #take(piece: Buffer, at: number): number {
    if (this.#passOver > 0 || this.#part === 'foreign') {
      const passed = Math.min(this.#part === 'foreign' ? piece.length : this.#passOver, piece.length - at);
      this.#passOver -= passed;
      return passed;
    }
    const taken = piece.copy(this.#header, this.#filled, at, at + PART_BYTES[this.#part] - this.#filled);
    this.#filled += taken;
    if (this.#filled === PART_BYTES[this.#part]) {
      this.#filled = 0;
      this.#understand();
    }
    return taken;
  }

  #understand(): void {
    if (this.#part === 'magic') this.#part = partAfter(this.#header.readUInt32LE(0));
    else if (this.#part === 'descriptor') this.#readDescriptor(this.#header[0] ?? 0);
    else if (this.#part === 'block') this.#readBlock(this.#header.readUIntLE(0, 3));
    else {
      this.#passOver = this.#header.readUInt32LE(0);
      this.#part = 'magic';
    }
  }

  #readDescriptor(descriptor: number): void {
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    this.#passOver = Number(!isSingleSegment) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + sizeBytes;
    this.#part = 'block';
  }

  #readBlock(header: number): void {
    const [isLast, type, size] = [(header & 1) !== 0, (header >> 1) & 3, header >> 3];
    this.#passOver = (type === RLE ? 1 : size) + (isLast && this.#hasChecksum ? CHECKSUM_BYTES : 0);
    if (isLast) this.#part = 'magic';
  }
}

const partAfter = (magic: number): Part => {
  if (magic === FRAME) return 'descriptor';
  return (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE ? 'skippable size' : 'foreign';
};
