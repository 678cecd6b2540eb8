/** The bytes that give JSON its structure; within UTF-8 they are never part of another character. */
export const BYTE = { quote: 0x22, comma: 0x2c, colon: 0x3a, open: 0x7b, close: 0x7d, openList: 0x5b, closeList: 0x5d };
const BACKSLASH = 0x5c;

const MAX_BYTES = 1024 ** 2;
const MAX_DEPTH = 100;

/** Gathers one JSON value; of a larger one than may be only its end is looked for. */
export class ValueCollector {
  readonly #parts: Uint8Array[] = [];
  #size = 0;
  #depth = 0;
  #deepest = 0;
  #inString = false;
  #escaped = false;
  #scalar = false;
  complete = false;

  /** `undefined` when there was too much of it. */
  get text(): Uint8Array | undefined {
    return this.#size > MAX_BYTES || this.#deepest > MAX_DEPTH ? undefined : this.#joined();
  }

  #joined(): Uint8Array {
    const [first] = this.#parts;
    return first !== undefined && this.#parts.length === 1 ? first : Buffer.concat(this.#parts);
  }

  /**
   * The part that ends the value is read where it lies; others are copied, since the memory of their chunk is reused.
   *
   * @returns where the value stops in this chunk
   */
  collect(chunk: Uint8Array, from: number): number {
    const to = this.#endIn(chunk, from);
    this.#size += to - from;
    const part = chunk.subarray(from, to);
    if (this.#size <= MAX_BYTES) this.#parts.push(this.complete ? part : Buffer.from(part));
    else this.#parts.length = 0;
    return to;
  }

  #endIn(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) this.#inText(byte);
      else if (this.#scalar && isDelimiter(byte)) {
        this.complete = true;
        return at;
      } else this.#outsideText(byte);
      if (this.complete) return at + 1;
    }
    return chunk.length;
  }

  #inText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === BYTE.quote) {
      this.#inString = false;
      this.complete = this.#depth === 0;
    }
  }

  #outsideText(byte: number): void {
    if (byte === BYTE.quote) this.#inString = true;
    else if (byte === BYTE.open || byte === BYTE.openList) {
      this.#depth += 1;
      this.#deepest = Math.max(this.#deepest, this.#depth);
    } else if (byte === BYTE.close || byte === BYTE.closeList) {
      this.#depth -= 1;
      this.complete = this.#depth <= 0;
    } else if (this.#depth === 0) this.#scalar = true;
  }
}

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const isDelimiter = (byte: number): boolean =>
  isSpace(byte) || byte === BYTE.comma || byte === BYTE.close || byte === BYTE.closeList;
